// A person's browser without a screen: cookies, redirects, forms. It takes the way through the hub's real pages.
import { send } from './local.mjs'

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const decode = (text) => text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, ten, hex, name) =>
  ten ? String.fromCodePoint(+ten) : hex ? String.fromCodePoint(parseInt(hex, 16)) : entities[name] ?? all)

// attributes of a tag, by name.
function attributes(tag) {
  const out = {}
  for (const [, name, quoted] of tag.matchAll(/([a-z][\w-]*)(?:="([^"]*)")?/gi)) out[name.toLowerCase()] ??= decode(quoted ?? '')
  return out
}

// forms of a page: address, method, what would be sent, and the buttons.
function forms(page) {
  return [...page.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head, content]) => {
    const { action = '', method = 'get' } = attributes(head)
    const fields = [], buttons = [], choices = []
    for (const [, kind, rest] of content.matchAll(/<(input|button)\b([^>]*)>/gi)) {
      const a = attributes(rest)
      if (kind.toLowerCase() === 'button' || a.type === 'submit') buttons.push([a.name, a.value ?? ''])
      else if (a.type === 'radio' || a.type === 'checkbox') {
        choices.push([a.name, a.value ?? 'on'])
        if ('checked' in a) fields.push([a.name, a.value ?? 'on'])
      } else fields.push([a.name, a.value ?? ''])
    }
    return { action: new URL(action, page.url).href, method: method.toLowerCase(), fields, buttons, choices }
  })
}

export class Browser {
  constructor(stop) {
    this.stop = stop // the relying party's address: the browser stays in front of it
    this.jar = new Map()
  }

  async open(address, { method = 'GET', body, from } = {}) {
    for (let hop = 0; hop < 20; hop++) {
      if (address.startsWith(this.stop)) return { arrived: new URL(address), posted: method === 'POST' ? body : undefined }
      const host = new URL(address).host
      const jar = this.jar.get(host) ?? new Map()
      this.jar.set(host, jar)
      const headers = { accept: 'text/html', 'accept-language': 'en', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
      if (jar.size) headers.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      if (method === 'POST') {
        headers['content-type'] = 'application/x-www-form-urlencoded'
        headers.origin = new URL(from).origin
        headers['sec-fetch-site'] = new URL(from).host === host ? 'same-origin' : 'cross-site'
      }
      const answer = await send(address, { method, headers, body })
      for (const cookie of answer.headers['set-cookie'] ?? []) {
        const [pair, ...rules] = cookie.split(';').map((part) => part.trim())
        const cut = pair.indexOf('=')
        const over = rules.some((rule) => /^max-age=(0|-\d+)$/i.test(rule))
        if (over) jar.delete(pair.slice(0, cut))
        else jar.set(pair.slice(0, cut), pair.slice(cut + 1))
      }
      if (answer.status >= 300 && answer.status < 400) {
        from = address
        address = new URL(answer.headers.location, address).href
        method = 'GET'
        body = undefined
        continue
      }
      return { url: address, status: answer.status, text: answer.body.toString() }
    }
    throw new Error('redirected without end')
  }

  submit(page, form, extra) {
    const named = new Set(extra.map(([name]) => name))
    const data = new URLSearchParams([...form.fields.filter(([name]) => !named.has(name)), ...extra]).toString()
    if (form.method === 'post') return this.open(form.action, { method: 'POST', body: data, from: page.url })
    return this.open(`${form.action}?${data}`)
  }

  // login walks from an authorization request to the relying party: chooser, provider, consent, whatever comes.
  async login(address, { provider, person }) { // an address, or a page that is open already
    let page = typeof address === 'string' ? await this.open(address) : address
    for (let n = 0; n < 12; n++) {
      if (page.arrived) {
        if (page.posted !== undefined) page.arrived.search = page.posted // form_post: the parameters were in the body
        return page.arrived
      }
      const onward = page.text.match(/<meta[^>]*http-equiv="refresh"[^>]*content="\d+;\s*url=([^"]+)"/i)
      if (onward) {
        page = await this.open(new URL(decode(onward[1]), page.url).href)
        continue
      }
      const all = forms(page)
      const has = (list, name, value) => list.some(([n, v]) => n === name && v === value)
      const chooser = all.find((form) => has(form.buttons, 'provider', provider))
      const consent = all.find((form) => has(form.buttons, 'decision', 'allow'))
      const bank = all.find((form) => has(form.choices, 'person', person))
      const upstream = all.find((form) => has(form.buttons, 'upstream', 'approve'))
      const back = all.find((form) => form.action.startsWith(this.stop))
      if (back) page = await this.submit(page, back, [])
      else if (chooser) page = await this.submit(page, chooser, [['provider', provider]])
      else if (bank) page = await this.submit(page, bank, [['person', person], ['decision', 'approve']])
      else if (upstream) page = await this.submit(page, upstream, [['upstream', 'approve']])
      else if (consent) page = await this.submit(page, consent, [...consent.choices, ['decision', 'allow']]) // every box is ticked
      else throw new Error(`no way on at ${page.url} (${page.status}):\n${page.text.replace(/<[^>]*>|\s+/g, ' ').slice(0, 1500)}`)
    }
    throw new Error(`the login does not end; last at ${page.url}`)
  }
}
