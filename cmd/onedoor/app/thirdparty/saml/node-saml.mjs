// @node-saml/node-saml as a department's service provider: metadata that registers it, signed requests on both bindings, encrypted
// assertions, a session that is there found by a posted request, ForceAuthn, IsPassive. The library is laxer than the hub's answers
// need; that those are right is shown by the hub's own tests.
import assert from 'node:assert/strict'
import { localFetch, refuses, setup, step } from '../local.mjs'
import { Browser } from '../browser.mjs'
import library from '@node-saml/node-saml'

const { issuer, entity, acs, keys, provider, person } = setup
const hub = `${issuer}/saml2/metadata`

function party(options, certificates) {
  return new library.SAML({
    callbackUrl: acs, issuer: entity, audience: entity, entryPoint: `${issuer}/saml2/sso`, idpCert: certificates, idpIssuer: hub,
    privateKey: keys.sign, publicCert: keys.signCertificate, decryptionPvk: keys.open, signatureAlgorithm: 'sha256', digestAlgorithm: 'sha256',
    wantAssertionsSigned: true, wantAuthnResponseSigned: true, validateInResponseTo: library.ValidateInResponseTo.always,
    identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', racComparison: 'minimum',
    authnContext: ['urn:onedoor:ial:2.1:aal:2.1'], acceptedClockSkewMs: 2000, skipRequestCompression: options.post === true, ...options,
  })
}

if (setup.mode === 'metadata') {
  console.log(party({}, [keys.signCertificate]).generateServiceProviderMetadata(keys.openCertificate, keys.signCertificate))
  process.exit(0)
}

const certificates = await step('the hub publishes its keys', async () => {
  const text = await (await localFetch(`${hub}/peer-saml`)).text()
  const found = [...text.matchAll(/<md:KeyDescriptor use="signing">.*?<ds:X509Certificate>([^<]+)</gs)].map(([, certificate]) => certificate)
  assert.ok(found.length > 0 && text.includes('use="encryption"') && text.includes('SingleLogoutService'), text)
  return found
})

const browser = new Browser(acs)

// answer goes one way round and gives what is posted to us.
async function answer(saml, relay, post) {
  let start
  if (post) {
    const message = await saml.getAuthorizeMessageAsync(relay)
    start = await browser.open(`${issuer}/saml2/sso`, { method: 'POST', body: new URLSearchParams(message).toString(), from: 'https://peer-saml.example/' })
  } else {
    start = { url: issuer, text: `<meta http-equiv="refresh" content="0; url=${(await saml.getAuthorizeUrlAsync(relay, undefined, {})).replaceAll('&', '&amp;')}">` }
  }
  const arrived = await browser.login(start, { provider, person })
  const posted = new URLSearchParams(arrived.search)
  assert.equal(posted.get('RelayState'), relay)
  return { SAMLResponse: posted.get('SAMLResponse'), RelayState: relay }
}

let name
await step('login by HTTP-Redirect through the pages', async () => {
  const saml = party({}, certificates)
  // No space in it: the library signs "%20" and sends "+", and what counts is what was sent (SAML Bindings section 3.4.4.1).
  const back = await answer(saml, 'one&two="three"', false)
  const text = Buffer.from(back.SAMLResponse, 'base64').toString()
  assert.ok(text.includes('EncryptedAssertion') && !text.includes('NameID') && text.includes('xmlenc11#aes256-gcm'), 'not encrypted')
  const { profile } = await saml.validatePostResponseAsync(back)
  assert.equal(profile.issuer, hub)
  assert.equal(profile.nameIDFormat, 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent')
  assert.ok(profile.nameID && profile.sessionIndex)
  assert.equal(profile['urn:onedoor:attribute:citizen_id'], setup.citizen)
  assert.equal(profile.displayName, setup.name)
  assert.equal(profile['urn:onedoor:attribute:address'], undefined)
  assert.equal(profile['urn:onedoor:aal'], '2.2')
  name = profile.nameID
  const error = await refuses(() => saml.validatePostResponseAsync(back))
  assert.match(String(error), /InResponseTo/)
})

await step('login by HTTP-POST finds the session', async () => {
  const saml = party({ post: true, authnRequestBinding: 'HTTP-POST' }, certificates)
  const { profile } = await saml.validatePostResponseAsync(await answer(saml, 'posted', true))
  assert.equal(profile.nameID, name)
})

await step('IsPassive with a session', async () => {
  const saml = party({ passive: true }, certificates)
  assert.equal((await saml.validatePostResponseAsync(await answer(saml, 'p', false))).profile.nameID, name)
})

await step('ForceAuthn goes through the provider again', async () => {
  const saml = party({ forceAuthn: true }, certificates)
  assert.equal((await saml.validatePostResponseAsync(await answer(saml, 'f', false))).profile.nameID, name)
})

await step('a changed answer is refused', async () => {
  const saml = party({}, certificates)
  const back = await answer(saml, 'x', false)
  const text = Buffer.from(back.SAMLResponse, 'base64').toString().replace(/(IssueInstant="[^"]*)\d(Z")/, '$10$2').replace(' Version="2.0"', ' Consent="urn:x" Version="2.0"')
  await refuses(() => saml.validatePostResponseAsync({ ...back, SAMLResponse: Buffer.from(text).toString('base64') }))
})

await step('IsPassive without a session', async () => {
  browser.jar.clear()
  const saml = party({ passive: true }, certificates)
  const { profile, loggedOut } = await saml.validatePostResponseAsync(await answer(saml, 'n', false))
  assert.ok(profile === null && loggedOut === false)
})
