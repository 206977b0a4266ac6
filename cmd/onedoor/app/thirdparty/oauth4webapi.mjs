// oauth4webapi as a relying party that moves money: its own key in place of a secret (RFC 7523), requests signed (RFC 9101) and pushed
// (RFC 9126), encrypted ID tokens, signed UserInfo, tokens that are of use only with its DPoP key (RFC 9449). Every signature is checked.
import assert from 'node:assert/strict'
import { localFetch, refuses, setup, step } from './local.mjs'
import { Browser } from './browser.mjs'
import * as oauth from 'oauth4webapi'
import { compactDecrypt, importJWK } from 'jose'

const { issuer, redirect, system, provider, person } = setup
const [signJWK, openJWK] = setup.keys
const key = { key: await importJWK(signJWK, 'ES256'), kid: signJWK.kid }
const open = await importJWK(openJWK, 'ECDH-ES')

const http = { [oauth.customFetch]: localFetch }
const client = {
  client_id: system, id_token_signed_response_alg: 'ES256', userinfo_signed_response_alg: 'ES256',
}
let decrypted = 0
const jwe = {
  [oauth.jweDecrypt]: async (raw) => {
    const { plaintext, protectedHeader } = await compactDecrypt(raw, open, { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] })
    assert.equal(protectedHeader.kid, openJWK.kid)
    decrypted++
    return new TextDecoder().decode(plaintext)
  },
}
const auth = oauth.PrivateKeyJwt(key)
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
let nonces = 0

// proven does something that takes a proof, and once more where the hub wants its own nonce in it.
async function proven(send) {
  try {
    return await send()
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error
    nonces++
    return send()
  }
}

const as = await step('discovery', async () => {
  const url = new URL(issuer)
  const found = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, http))
  const plain = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { ...http, algorithm: 'oauth2' }))
  assert.equal(plain.token_endpoint, found.token_endpoint)
  return found
})

const browser = new Browser(redirect)

async function login({ claims = {} } = {}) {
  const verifier = oauth.generateRandomCodeVerifier(), state = oauth.generateRandomState(), nonce = oauth.generateRandomNonce()
  const wish = new URLSearchParams({
    client_id: system, redirect_uri: redirect, response_type: 'code', scope: setup.scope, state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...claims,
  })
  const request = await oauth.issueRequestObject(as, client, wish, key)
  const pushed = await oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, auth, { request }, http))
  const address = new URL(as.authorization_endpoint)
  address.search = new URLSearchParams({ client_id: system, request_uri: pushed.request_uri })
  const back = await browser.login(address.href, { provider, person })
  const params = oauth.validateAuthResponse(as, client, back, state) // with iss, RFC 9207
  const redeem = (proof = { DPoP }) => oauth.authorizationCodeGrantRequest(as, client, auth, params, redirect, verifier, { ...http, ...proof })
  let response
  const tokens = await proven(async () => {
    response = await redeem()
    return oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true, ...jwe })
  })
  assert.equal(tokens.token_type, 'dpop')
  await oauth.validateApplicationLevelSignature(as, response, http)
  return { address, redeem, tokens, claims: oauth.getValidatedIdTokenClaims(tokens) }
}

const first = await step('login: signed and pushed request, own key, encrypted ID token', () => login({ claims: { max_age: '300' } }))

await step('ID token', () => {
  assert.equal(decrypted, 1)
  assert.equal(first.claims.aud, system)
  assert.match(first.claims.acr, /^urn:onedoor:ial:/)
})

await step('a pushed request counts once', async () => {
  const page = await browser.open(first.address.href)
  assert.ok(page.arrived === undefined && page.status >= 400, `status ${page.status}`)
})

await step('a code counts once', async () => {
  const again = await oauth.processAuthorizationCodeResponse(as, client, await first.redeem(), jwe).catch((error) => error)
  assert.equal(again.error, 'invalid_grant')
})

const second = await step('the session serves again', () => login())

await step('signed UserInfo', async () => {
  let response
  const info = await proven(async () => {
    response = await oauth.userInfoRequest(as, client, second.tokens.access_token, { ...http, DPoP })
    return oauth.processUserInfoResponse(as, client, second.claims.sub, response, jwe)
  })
  assert.match(response.headers.get('content-type'), /^application\/jwt/)
  await oauth.validateApplicationLevelSignature(as, response, http)
  assert.equal(info.sub, second.claims.sub)
})

await step('a bound token is of no use without the key', async () => {
  assert.ok(nonces > 0, 'the hub never asked for its nonce')
  const bearer = await oauth.userInfoRequest(as, client, second.tokens.access_token, http)
  assert.equal(bearer.status, 401)
  assert.match(bearer.headers.get('www-authenticate'), /DPoP /)
  const other = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
  const stolen = () => oauth.userInfoRequest(as, client, second.tokens.access_token, { ...http, DPoP: other })
  await refuses(() => proven(async () => oauth.processUserInfoResponse(as, client, second.claims.sub, await stolen(), jwe)))
})

await step('introspection, plain and signed (RFC 9701)', async () => {
  for (const requestJwtResponse of [false, true]) {
    const response = await oauth.introspectionRequest(as, client, auth, second.tokens.access_token, { ...http, requestJwtResponse })
    const answer = await oauth.processIntrospectionResponse(as, client, response, jwe)
    if (response.headers.get('content-type').startsWith('application/token-introspection+jwt')) {
      await oauth.validateApplicationLevelSignature(as, response, http)
    }
    assert.equal(answer.active, true)
    assert.equal(answer.cnf.jkt, await DPoP.calculateThumbprint())
  }
})

await step('revocation', async () => {
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, second.tokens.access_token, http))
  const active = async () => {
    const response = await oauth.introspectionRequest(as, client, auth, second.tokens.access_token, http)
    return (await oauth.processIntrospectionResponse(as, client, response)).active
  }
  const until = Date.now() + 3000 // the lease: half a second at most
  while ((await active()) && Date.now() < until);
  assert.equal(await active(), false)
})

await step('a request that was not pushed is refused', async () => {
  const address = new URL(as.authorization_endpoint)
  address.search = new URLSearchParams({ client_id: system, redirect_uri: redirect, response_type: 'code', scope: 'openid', state: 'x' })
  const page = await browser.open(address.href)
  assert.ok(page.arrived === undefined || page.arrived.searchParams.get('error'), `arrived at ${page.arrived}`)
})

await step('another key is refused', async () => {
  const rogue = oauth.PrivateKeyJwt({ key: (await oauth.generateKeyPair('ES256')).privateKey, kid: signJWK.kid })
  const response = await oauth.introspectionRequest(as, client, rogue, 'x', http)
  assert.equal(response.status, 401)
  await refuses(() => oauth.processIntrospectionResponse(as, client, response))
})
