// openid-client as relying party of the hub, with the signature of the ID token checked (it would not, by itself, for a token that
// came over TLS): login, UserInfo, introspection, refresh, reuse of what was refreshed, revocation.
import assert from 'node:assert/strict'
import { localFetch, refuses, setup, step } from './local.mjs'
import { Browser } from './browser.mjs'
import * as client from 'openid-client'
import { createLocalJWKSet, jwtVerify } from 'jose'

const { issuer, redirect, system, secret, provider, person, scope } = setup

const config = await step('discovery', async () => {
  const found = await client.discovery(
    new URL(issuer), system,
    { redirect_uris: [redirect], id_token_signed_response_alg: 'ES256', use_mtls_endpoint_aliases: false },
    client.ClientSecretBasic(secret), { [client.customFetch]: localFetch },
  )
  client.enableNonRepudiationChecks(found)
  return found
})

const browser = new Browser(redirect)

// login goes one way round; the session at the hub stays in the browser.
async function login(parameters = {}, pushed = false, proof = {}) {
  const verifier = client.randomPKCECodeVerifier(), state = client.randomState(), nonce = client.randomNonce()
  const wish = {
    redirect_uri: redirect, scope, state, nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...parameters,
  }
  const address = pushed ? await client.buildAuthorizationUrlWithPAR(config, wish, proof) : client.buildAuthorizationUrl(config, wish)
  const back = await browser.login(address.href, { provider, person })
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
  if (parameters.max_age !== undefined) checks.maxAge = Number(parameters.max_age)
  return { back, checks, tokens: await client.authorizationCodeGrant(config, back, checks, undefined, proof) }
}

const first = await step('login through the pages', () => login({ max_age: '300', prompt: 'consent', claims: JSON.stringify({ id_token: { acr: { essential: true } } }) }))
const claims = first.tokens.claims()

// ended asks until a token is dead. A node may answer from memory for half a second after an end (the lease) where nobody waits for it.
async function ended(token) {
  for (const until = Date.now() + 3000; Date.now() < until;) {
    if ((await client.tokenIntrospection(config, token)).active === false) return
  }
  throw new Error('the token is still active')
}

await step('ID token', () => {
  assert.equal(claims.iss, issuer)
  assert.equal(claims.aud, system)
  assert.match(claims.acr, /^urn:onedoor:ial:/)
  assert.ok(claims.auth_time <= claims.iat && claims.sid && (provider !== 'bank' || claims.amr?.includes('mfa')), JSON.stringify(claims))
})

await step('a code counts once, and reuse takes back what it gave', async () => {
  const other = await login()
  const error = await refuses(() => client.authorizationCodeGrant(config, other.back, other.checks))
  assert.equal(error.error, 'invalid_grant')
  await ended(other.tokens.access_token)
})

await step('UserInfo', async () => {
  const info = await client.fetchUserInfo(config, first.tokens.access_token, claims.sub)
  assert.equal(info.sub, claims.sub)
  assert.ok(setup.expect.every((name) => info[name]), `of ${setup.expect} there came ${Object.keys(info)}`)
})

await step('a session asks nothing again', async () => {
  const quiet = await login({ prompt: 'none' })
  assert.equal(quiet.tokens.claims().sub, claims.sub)
  assert.equal(quiet.tokens.claims().sid, claims.sid)
})

await step('introspection', async () => {
  const answer = await client.tokenIntrospection(config, first.tokens.access_token)
  assert.equal(answer.active, true)
  assert.equal(answer.sub, claims.sub)
  assert.equal(answer.client_id, system)
  assert.equal((await client.tokenIntrospection(config, 'made-up')).active, false)
})

await step('pushed authorization request', () => login({}, true))

await step('form_post', () => login({ response_mode: 'form_post' }))

await step('DPoP: nonce, UserInfo, refresh (RFC 9449)', async () => {
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const { tokens } = await login({}, true, { DPoP })
  assert.equal(tokens.token_type, 'dpop')
  const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP })
  assert.equal(info.sub, claims.sub)
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).cnf.jkt, await DPoP.calculateThumbprint())
  await refuses(() => client.fetchUserInfo(config, tokens.access_token, claims.sub))
  if (tokens.refresh_token) {
    const next = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP })
    assert.equal(next.token_type, 'dpop')
    await refuses(() => client.refreshTokenGrant(config, next.refresh_token)) // never of the bearer again
  }
})

if (scope.includes('offline_access')) {
  const second = await step('refresh', async () => {
    const tokens = await client.refreshTokenGrant(config, first.tokens.refresh_token)
    assert.notEqual(tokens.refresh_token, first.tokens.refresh_token)
    assert.notEqual(tokens.access_token, first.tokens.access_token)
    if (tokens.claims()) assert.equal(tokens.claims().sub, claims.sub)
    return tokens
  })
  const third = await step('refresh again', () => client.refreshTokenGrant(config, second.refresh_token))
  await step('reuse of an old refresh token ends the family', async () => {
    const error = await refuses(() => client.refreshTokenGrant(config, first.tokens.refresh_token))
    assert.equal(error.error, 'invalid_grant')
    assert.equal((await refuses(() => client.refreshTokenGrant(config, third.refresh_token))).error, 'invalid_grant')
    await ended(third.access_token)
  })
}

await step('revocation', async () => {
  const { tokens } = await login()
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true)
  await client.tokenRevocation(config, tokens.access_token)
  await ended(tokens.access_token)
  await refuses(() => client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub))
  await client.tokenRevocation(config, 'made-up') // RFC 7009 section 2.2: an unknown token is no error
})

await step('a wrong secret is told as the book says', async () => {
  const wrong = new client.Configuration(config.serverMetadata(), system, {}, client.ClientSecretPost('wrong'))
  wrong[client.customFetch] = localFetch
  const error = await refuses(() => client.tokenIntrospection(wrong, 'x'))
  assert.ok(error.error === 'invalid_client' || error.status === 401 || error.cause?.length, String(error))
})

if (setup.upstream) {
  await step("the provider's own logout ends the session here (Back-Channel Logout 1.0)", async () => {
    const { tokens } = await login({ prompt: 'login' })
    const page = await browser.open(`${setup.upstream}/session/end`)
    const form = page.text.match(/name="xsrf" value="([^"]+)"/)
    const action = page.text.match(/action="([^"]+)"/)
    await browser.open(action[1], { method: 'POST', body: new URLSearchParams({ xsrf: form[1], logout: 'yes' }).toString(), from: page.url })
    await ended(tokens.access_token)
  })
}

await step('one logout, told by a token that jose believes (RP-Initiated Logout 1.0, Back-Channel Logout 1.0)', async () => {
  const { tokens } = await login()
  const claims = tokens.claims()
  const address = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: redirect, state: 'bye' })
  const page = await browser.open(address.href)
  assert.equal(page.status, 200)
  assert.ok(page.text.includes(`${redirect}?state=bye`), 'the page does not lead back')
  const raw = await (await localFetch(setup.told)).text()
  const keys = createLocalJWKSet(await (await localFetch(config.serverMetadata().jwks_uri)).json())
  const { payload } = await jwtVerify(raw, keys, { issuer, audience: system, typ: 'logout+jwt', maxTokenAge: '2 minutes', requiredClaims: ['jti', 'exp', 'iat'] })
  assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} })
  assert.equal(payload.sid, claims.sid)
  assert.equal(payload.sub, claims.sub)
  assert.ok(!('nonce' in payload))
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false) // it has answered: no node says otherwise
})
