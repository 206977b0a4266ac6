// What the libraries take for granted and Node 18 (Debian 12) does not have. Newer ones come through here untouched. What imports
// oidc-provider does so with import() after this, since the replacement of a built-in module counts for later imports only.
import * as node from 'node:crypto'
import { register } from 'node:module'

globalThis.crypto ??= node.webcrypto
globalThis.CryptoKey ??= node.webcrypto.CryptoKey
URL.parse ??= (address, base) => {
  try {
    return new URL(address, base)
  } catch {
    return null
  }
}
if (!node.hash) {
  const module = (text) => `data:text/javascript,${encodeURIComponent(text)}`
  const crypto = module(`
    import { createHash } from 'node:crypto'
    export * from 'node:crypto'
    export { default } from 'node:crypto'
    export const hash = (algorithm, data, encoding = 'hex') => createHash(algorithm).update(data).digest(encoding)`)
  register(module(`
    export const resolve = (name, context, next) =>
      name === 'node:crypto' && context.parentURL?.startsWith('file:') ? { url: ${JSON.stringify(crypto)}, shortCircuit: true } : next(name, context)`))
}
