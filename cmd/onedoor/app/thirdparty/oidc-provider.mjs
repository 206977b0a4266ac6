// oidc-provider as identity provider above the hub, as strict as it can be: requests pushed and nothing else, the hub's own key in place
// of a secret, encrypted ID tokens, signed UserInfo, essential acr. It runs until it is ended.
import { localFetch, setup } from './local.mjs'
import http from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'

const { default: Provider } = await import('oidc-provider')

const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const server = http.createServer()
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const issuer = `http://upstream.localhost:${server.address().port}`

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256', kid: 'upstream-1' }] },
  clients: [{
    client_id: 'onedoor', redirect_uris: [setup.callback], response_types: ['code'], grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks_uri: setup.jwks,
    id_token_signed_response_alg: 'ES256', id_token_encrypted_response_alg: 'ECDH-ES', id_token_encrypted_response_enc: 'A256GCM',
    userinfo_signed_response_alg: 'ES256', backchannel_logout_uri: setup.logout, backchannel_logout_session_required: true, require_pushed_authorization_requests: true, scope: 'openid profile national_id',
  }],
  scopes: ['openid', 'profile', 'national_id'],
  claims: { openid: ['sub'], acr: null, amr: null, auth_time: null, profile: ['given_name', 'family_name', 'birthdate'], national_id: ['national_id'] },
  acrValues: ['urn:upstream:two-factor'],
  enabledJWA: {
    clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'], userinfoSigningAlgValues: ['ES256'],
    idTokenEncryptionAlgValues: ['ECDH-ES'], idTokenEncryptionEncValues: ['A256GCM'],
  },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    revocation: { enabled: true },
    backchannelLogout: { enabled: true },
  },
  pkce: { required: () => true },
  fetch: localFetch,
  cookies: { keys: ['one test only'] },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...setup.person }) }),
  // The hub is trusted with what it is registered for: no second question.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid profile national_id')
    await grant.save()
    return grant
  },
  renderError: (ctx, out, error) => {
    console.log('refused', error.name, error.error_description ?? error.message)
    ctx.body = out
  },
})
for (const event of ['authorization.error', 'grant.error', 'pushed_authorization_request.error', 'userinfo.error', 'server_error', 'backchannel.error']) {
  provider.on(event, (ctx, error) => console.log(event, error.error, error.error_description, error.error_detail ?? error.stack))
}

const answer = provider.callback()
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response)
  try {
    if (request.method === 'POST') {
      request.resume()
      return await provider.interactionFinished(request, response, {
        login: { accountId: 'account-of-mali', acr: 'urn:upstream:two-factor', amr: ['pwd', 'otp', 'mfa'], remember: false },
      }, { mergeWithLastSubmission: false })
    }
    const { prompt, params } = await provider.interactionDetails(request, response)
    console.log('asked', prompt.name, JSON.stringify({ acr: JSON.parse(params.claims ?? '{}'), max_age: params.max_age }))
    response.setHeader('content-type', 'text/html')
    response.end(`<form method="post" action="${request.url}"><button name="upstream" value="approve">Log in</button></form>`)
  } catch (error) {
    console.log('interaction', error)
    response.statusCode = 500
    response.end('failed')
  }
})
console.log(`listening ${issuer}`)
