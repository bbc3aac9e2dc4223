// Runs the `cairn` command as an operator does, and a test network around it.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

// Another build of the command can be tested by naming it.
export const CAIRN = process.env.CAIRN_COMMAND ?? fileURLToPath(new URL('../../cairn', import.meta.url))

/** Runs one command to its end: { code, out, err, json }. */
export function cairn (args, { env = {}, input = '' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(CAIRN, args, { env: { ...process.env, ...env } })
    let out = ''
    let err = ''
    child.stdout.on('data', d => { out += d })
    child.stderr.on('data', d => { err += d })
    child.on('error', reject)
    child.on('close', code => {
      let json
      try { json = JSON.parse(out) } catch { json = undefined }
      resolve({ code, out, err, json })
    })
    child.stdin.end(input)
  })
}

/** Starts a command that goes on until it is stopped. */
export function start (args, { env = {} } = {}) {
  const child = spawn(CAIRN, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  child.log = ''
  child.stderr.on('data', d => { child.log = (child.log + d).slice(-20_000) })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  child.line = async () => (await lines.next()).value
  child.ended = new Promise(resolve => child.on('close', (code, signal) => resolve({ code, signal })))
  return child
}

export async function folder () {
  const path = await mkdtemp(join(tmpdir(), 'cairn-test-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/**
 * A base port with `count` free ports above it, all below 32,768: from there on the system hands ports to connections that go
 * out, and one of them can take a port between this look and the process that is told to listen there.
 */
export async function freePorts (count) {
  for (let tries = 0; tries < 50; tries++) {
    const base = 10_000 + Math.floor(Math.random() * 22_000)
    const servers = []
    try {
      for (let i = 0; i < count; i++) {
        servers.push(await new Promise((resolve, reject) => {
          const server = createServer()
          server.once('error', reject)
          server.listen(base + i, '127.0.0.1', () => resolve(server))
        }))
      }
      return base
    } catch {
      // Taken; try others.
    } finally {
      await Promise.all(servers.map(s => new Promise(resolve => s.close(resolve))))
    }
  }
  throw new Error('no free ports')
}

/** A running test network. */
export async function testnet ({ nodes = 4, dir, basePort, engine } = {}) {
  const made = dir ? { path: dir, remove: async () => {} } : await folder()
  const base = basePort ?? await freePorts(2 * nodes)
  const child = start(['testnet', '--json', '--nodes', String(nodes), '--dir', made.path, '--base-port', String(base),
    ...(engine ? ['--engine', engine] : [])])
  const line = await child.line()
  if (line === undefined) {
    throw new Error(`testnet did not start: ${child.log}`)
  }
  const info = JSON.parse(line)
  return {
    ...info,
    dir: made.path,
    basePort: base,
    child,
    sign: ['--key', info.account.key, '--password-file', info.account.passwordFile],
    async stop () {
      child.kill('SIGTERM')
      const ended = await child.ended
      await made.remove()
      return ended
    }
  }
}

let nextId = 1

/** Calls a node's JSON-RPC; throws the error that it answers with, or that it does not answer within `seconds`. */
export async function rpc (url, method, params = {}, { seconds = 180 } = {}) {
  const response = await fetch(url, {
    method: 'POST',
    signal: AbortSignal.timeout(seconds * 1000),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: nextId++, method, params })
  })
  const answer = await response.json()
  if (answer.error) {
    throw Object.assign(new Error(answer.error.message), answer.error)
  }
  return answer.result
}

/** Waits until the condition gives something true, and returns that. */
export async function until (what, condition, { seconds = 60 } = {}) {
  const deadline = Date.now() + seconds * 1000
  let last
  while (Date.now() < deadline) {
    try {
      const result = await condition()
      if (result) return result
    } catch (e) {
      last = e
    }
    await pause(50)
  }
  throw new Error(`not within ${seconds} s: ${what}${last ? ` (${last.message})` : ''}`)
}

/** Waits until all nodes have the same final block of at least this height; returns their statuses. */
export function agreed (urls, height, options) {
  return until(`all nodes final at ${height} or above with one head`, async () => {
    const all = await Promise.all(urls.map(url => rpc(url, 'node_status')))
    const same = new Set(all.map(s => s.finalizedHead)).size === 1
    return same && all[0].finalized >= height ? all : undefined
  }, options)
}
