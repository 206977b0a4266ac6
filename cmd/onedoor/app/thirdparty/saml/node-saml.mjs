// @node-saml/node-saml as a department's service provider: metadata that registers it, signed requests on both bindings, encrypted
// assertions, a session that is there found by a posted request, ForceAuthn, IsPassive. The library is laxer than the hub's answers
// need; that those are right is shown by the hub's own tests. Then single logout: the library asks for it by HTTP-Redirect and takes the answer
// by HTTP-POST, and it is asked by HTTP-POST and answers by HTTP-Redirect.
import assert from 'node:assert/strict'
import { inflateRawSync } from 'node:zlib'
import { localFetch, refuses, setup, step } from '../local.mjs'
import { Browser } from '../browser.mjs'
import library from '@node-saml/node-saml'

const { issuer, entity, acs, keys, provider, person } = setup
const hub = `${issuer}/saml2/metadata`
const slo = 'https://peer-saml.example/slo'

function party(options, certificates) {
  return new library.SAML({
    callbackUrl: acs, issuer: entity, audience: entity, entryPoint: `${issuer}/saml2/sso`, idpCert: certificates, idpIssuer: hub,
    privateKey: keys.sign, publicCert: keys.signCertificate, decryptionPvk: keys.open, signatureAlgorithm: 'sha256', digestAlgorithm: 'sha256',
    logoutUrl: `${issuer}/saml2/slo`, logoutCallbackUrl: slo, wantAssertionsSigned: true, wantAuthnResponseSigned: true, validateInResponseTo: library.ValidateInResponseTo.always,
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

// leaving is the same browser, which stops in front of the single logout service.
const leaving = new Browser(slo)
leaving.jar = browser.jar

const value = (text, name) => text.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1].replaceAll('&#43;', '+')

// towards follows what leads on, by way of services that only the browser can tell, until a page posts to the library.
async function towards(page) {
  for (let n = 0; n < 12; n++) {
    if (page.text.includes(`action="${slo}"`)) return page
    const next = page.text.match(/(\/signed-out\/[\w-]+\/visit\/\w+)/)?.[1] ??
      page.text.match(/href="([^"]*\/saml2\/slo\/answer[^"]*)"/)?.[1].replaceAll('&amp;', '&')
    assert.ok(next, `no way on at ${page.url} (${page.status}):\n${page.text.replace(/<[^>]*>|\s+/g, ' ')}`)
    page = await leaving.open(new URL(next, issuer).href)
  }
  throw new Error(`it does not end; last at ${page.url}`)
}

// signedIn gives who is signed in, as the assertion says.
async function signedIn(saml) {
  const { profile } = await saml.validatePostResponseAsync(await answer(saml, 's', false))
  assert.equal(profile.nameID, name)
  return profile
}

// asks tells whether the hub asks who the person is.
async function asks() {
  const saml = party({ passive: true }, certificates)
  return (await saml.validatePostResponseAsync(await answer(saml, 'n', false))).profile === null
}

await step('single logout that the library begins', async () => {
  const saml = party({}, certificates)
  const profile = await signedIn(saml)
  const address = await saml.getLogoutUrlAsync(profile, 'out', {})
  const page = await towards(await leaving.open(address))
  assert.equal(value(page.text, 'RelayState'), 'out')
  const SAMLResponse = value(page.text, 'SAMLResponse')
  const asked = inflateRawSync(Buffer.from(new URL(address).searchParams.get('SAMLRequest'), 'base64')).toString().match(/ ID="([^"]+)"/)[1]
  assert.ok(Buffer.from(SAMLResponse, 'base64').toString().includes(`InResponseTo="${asked}"`))
  // It looks for InResponseTo in a Response only, so that it can't be asked to hold a posted LogoutResponse against its request.
  const told = await party({ validateInResponseTo: library.ValidateInResponseTo.never }, certificates).validatePostResponseAsync({ SAMLResponse })
  assert.ok(told.profile === null && told.loggedOut === true)
  assert.ok(await asks(), 'the session is still there')
})

await step('a logout for somebody else ends nothing', async () => {
  const saml = party({}, certificates)
  const profile = await signedIn(saml)
  const page = await leaving.open(await saml.getLogoutUrlAsync({ ...profile, nameID: 'A'.repeat(43) }, '', {}))
  assert.match(Buffer.from(value(page.text, 'SAMLResponse'), 'base64').toString(), /status:RequestDenied/)
  assert.ok(!await asks(), 'the session is gone')
})

await step('single logout that the person begins at the hub', async () => {
  const saml = party({}, certificates)
  const profile = await signedIn(saml)
  let page = await leaving.open(`${issuer}/logout`)
  page = await leaving.open(`${issuer}/logout`, {
    method: 'POST', from: `${issuer}/logout`, body: new URLSearchParams({ csrf: value(page.text, 'csrf'), what: 'all' }).toString(),
  })
  page = await towards(page)
  const asked = await saml.validatePostRequestAsync({ SAMLRequest: value(page.text, 'SAMLRequest') })
  assert.equal(asked.profile.nameID, profile.nameID)
  assert.equal(asked.profile.sessionIndex, profile.sessionIndex)
  assert.equal(asked.loggedOut, true)
  page = await leaving.open(await saml.getLogoutResponseUrlAsync(asked.profile, '', {}, true))
  assert.ok(page.url.startsWith(`${issuer}/signed-out/`) && page.text.includes('told-confirmed'), `${page.url}\n${page.text}`)
  assert.ok(await asks(), 'the session is still there')
})

await step('IsPassive without a session', async () => {
  browser.jar.clear()
  const saml = party({ passive: true }, certificates)
  const { profile, loggedOut } = await saml.validatePostResponseAsync(await answer(saml, 'n', false))
  assert.ok(profile === null && loggedOut === false)
})
