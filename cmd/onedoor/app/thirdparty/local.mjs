// What every script here needs: names under .localhost lead to this machine without a resolver (RFC 6761 section 6.3), and
// the authority of the running demo is trusted and no other. Import it first.
import './node18.mjs'
import http from 'node:http'
import https from 'node:https'
import { readFileSync } from 'node:fs'

export const setup = JSON.parse(process.env.ONEDOOR_PEER)

const lookup = (name, options, done) => {
  if (name !== 'localhost' && !name.endsWith('.localhost')) return done(new Error(`${name} is none of our names`))
  return options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
}
const agents = {
  'http:': new http.Agent({ lookup, keepAlive: true }),
  'https:': new https.Agent({ lookup, keepAlive: true, ca: setup.ca ? readFileSync(setup.ca) : undefined }),
}

// send makes one request and follows nothing.
export function send(address, { method = 'GET', headers = {}, body, signal } = {}) {
  const url = new URL(address)
  return new Promise((resolve, reject) => {
    const plain = Object.fromEntries(headers instanceof Headers ? headers : Object.entries(headers))
    const text = body === undefined || body === null ? undefined : body instanceof Uint8Array ? Buffer.from(body) : String(body)
    if (text !== undefined) plain['content-length'] = Buffer.byteLength(text)
    const request = (url.protocol === 'https:' ? https : http).request(
      url, { method, headers: plain, agent: agents[url.protocol], signal },
      (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => resolve({ url: url.href, status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }))
      },
    )
    request.on('error', reject)
    request.end(text)
  })
}

// localFetch is fetch for the libraries.
export async function localFetch(address, options = {}) {
  const headers = new Headers(options.headers)
  if (options.body instanceof URLSearchParams && !headers.has('content-type')) {
    headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8')
  }
  const answer = await send(address, { ...options, headers })
  const out = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) {
    if (name !== 'set-cookie') out.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const empty = answer.status === 204 || answer.status === 304
  return new Response(empty ? null : answer.body, { status: answer.status, headers: out })
}

// step runs one named part of a test. The first that fails ends the process.
export async function step(name, work) {
  try {
    const value = await work()
    console.log(`ok ${name}`)
    return value
  } catch (error) {
    console.log(`FAIL ${name}: ${error?.stack ?? error}`)
    for (let cause = error?.cause; cause; cause = cause.cause) console.log('because', cause)
    process.exit(1)
  }
}

// refuses holds that the work fails, and gives why.
export async function refuses(work) {
  let value
  try {
    value = await work()
  } catch (error) {
    return error
  }
  throw new Error(`it was not refused: ${JSON.stringify(value)}`)
}
