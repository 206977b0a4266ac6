// oauth4webapi on both sides of an API: as the system that gets JWT access tokens (RFC 9068) for it, by a login, for itself, and in exchange
// for the token that it holds (RFC 8693); and as the API that checks them offline.
import assert from 'node:assert/strict'
import { localFetch, refuses, setup, step } from './local.mjs'
import { Browser } from './browser.mjs'
import * as oauth from 'oauth4webapi'
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'

const { issuer, redirect, system, provider, person, resource } = setup
const http = { [oauth.customFetch]: localFetch }
const client = { client_id: system, id_token_signed_response_alg: 'ES256' }
const auth = oauth.ClientSecretBasic(setup.secret)
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

const as = await step('discovery', async () => {
  const url = new URL(issuer)
  const found = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, http))
  assert.ok(found.grant_types_supported.includes(exchange) && found.grant_types_supported.includes('client_credentials'))
  return found
})

const browser = new Browser(redirect)

async function login(more) {
  const verifier = oauth.generateRandomCodeVerifier(), state = oauth.generateRandomState()
  const address = new URL(as.authorization_endpoint)
  address.search = new URLSearchParams({
    client_id: system, redirect_uri: redirect, response_type: 'code', scope: 'openid given_name citizen_id', state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more,
  })
  const params = oauth.validateAuthResponse(as, client, await browser.login(address.href, { provider, person }), state)
  const response = await oauth.authorizationCodeGrantRequest(as, client, auth, params, redirect, verifier, http)
  return oauth.processAuthorizationCodeResponse(as, client, response)
}

// checked is the API's side: what it knows of the token is what it checked itself.
const checked = (token) =>
  oauth.validateJwtAccessToken(as, new Request(`${resource}/contributions`, { headers: { authorization: `Bearer ${token}` } }), resource, http)

const ofLogin = await step('a JWT by a login, for an API by its name', async () => {
  const tokens = await login({ resource })
  const claims = await checked(tokens.access_token)
  assert.equal(claims.client_id, system)
  assert.notEqual(claims.sub, oauth.getValidatedIdTokenClaims(tokens).sub)
  assert.ok(claims.exp - claims.iat <= 300 && claims.jti && claims.scope.includes('given_name') && claims.act === undefined)
  return claims
})

const held = await login({})

const given = await step('token exchange', async () => {
  const response = await oauth.genericTokenEndpointRequest(as, client, auth, exchange, {
    subject_token: held.access_token, subject_token_type: accessToken, resource, scope: 'given_name',
  }, http)
  const tokens = await oauth.processGenericTokenEndpointResponse(as, client, response)
  assert.equal(tokens.issued_token_type, accessToken)
  assert.equal(tokens.token_type, 'bearer')
  const claims = await checked(tokens.access_token)
  assert.deepEqual(claims.act, { sub: system })
  assert.equal(claims.sub, ofLogin.sub)
  assert.equal(claims.scope, 'given_name')
  return { ...tokens, claims }
})

await step('no exchange gives more', async () => {
  for (const [wish, error] of [[{ scope: 'citizen_id' }, 'invalid_scope'], [{ resource: 'https://other.example/' }, 'invalid_target']]) {
    const response = await oauth.genericTokenEndpointRequest(as, client, auth, exchange, {
      subject_token: held.access_token, subject_token_type: accessToken, resource, ...wish,
    }, http)
    const refused = await oauth.processGenericTokenEndpointResponse(as, client, response).catch((e) => e)
    assert.equal(refused.error, error)
  }
})

await step('a token for the system itself', async () => {
  const response = await oauth.clientCredentialsGrantRequest(as, client, auth, { resource }, http)
  const tokens = await oauth.processClientCredentialsResponse(as, client, response)
  const claims = await checked(tokens.access_token)
  assert.equal(claims.sub, system)
  assert.equal(claims.auth_time, undefined)
})

await step('the API refuses what is no access token for it', async () => {
  await refuses(() => checked(held.id_token))
  await refuses(() => checked(held.access_token)) // sealed: it is not for offline checks
  const [head, body, signature] = given.access_token.split('.')
  await refuses(() => checked(`${head}.${body}.${signature.slice(0, -4)}AAAA`))
})

// The status list as any JOSE library reads it.
await step('the status list', async () => {
  const keys = createRemoteJWKSet(new URL(as.jwks_uri), { [customFetch]: localFetch })
  const { idx, uri } = given.claims.status.status_list
  const valid = async () => {
    const response = await localFetch(uri, { headers: { accept: 'application/statuslist+jwt' } })
    assert.equal(response.headers.get('content-type'), 'application/statuslist+jwt')
    const { payload } = await jwtVerify(await response.text(), keys, { typ: 'statuslist+jwt', subject: uri })
    assert.equal(payload.status_list.bits, 1)
    const packed = new Blob([Buffer.from(payload.status_list.lst, 'base64url')]).stream().pipeThrough(new DecompressionStream('deflate'))
    const bits = new Uint8Array(await new Response(packed).arrayBuffer())
    return ((bits[idx >> 3] >> (idx & 7)) & 1) === 0
  }
  assert.equal(await valid(), true)
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, given.access_token, http))
  const until = Date.now() + 3000 // the lease: half a second at most
  while ((await valid()) && Date.now() < until);
  assert.equal(await valid(), false)
})
