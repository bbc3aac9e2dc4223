// Bulk transfer over one stream with js-libp2p: TCP + Noise + yamux, 64 KiB a write.
//
//   npx node bulk.js                      both halves, a process each
//   npx node bulk.js server [port]        prints its address
//   npx node bulk.js client ADDRESS [GB] [rounds]
//
// The protocol is that of BulkBench, so either half may be the Java one.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@libp2p/yamux'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const PROTOCOL = '/cairn-bench/bulk/1.0.0'
const WRITE_BYTES = 64 * 1024

function host (listen) {
  return createLibp2p({
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()]
  })
}

async function receive (stream) {
  let total = 0n
  for await (const data of stream) {
    total += BigInt(data.byteLength)
  }
  const count = new Uint8Array(8)
  new DataView(count.buffer).setBigUint64(0, total)
  stream.send(count)
  await stream.close()
}

async function serve (port) {
  const node = await host([`/ip4/127.0.0.1/tcp/${port}`])
  await node.handle(PROTOCOL, stream => {
    receive(stream).catch(error => console.error('stream:', error.message))
  })
  console.log(node.getMultiaddrs()[0].toString())
}

async function sendOnce (connection, bytes) {
  const stream = await connection.newStream(PROTOCOL)
  const source = new Uint8Array(WRITE_BYTES)
  const answer = (async () => {
    const parts = []
    for await (const data of stream) {
      parts.push(data.subarray())
    }
    return Buffer.concat(parts)
  })()
  for (let left = bytes; left > 0; left -= WRITE_BYTES) {
    const more = stream.send(left < WRITE_BYTES ? source.subarray(0, left) : source)
    if (!more) {
      await stream.onDrain()
    }
  }
  await stream.close()
  const counted = (await answer).readBigUInt64BE(0)
  if (counted !== BigInt(bytes)) {
    throw new Error(`sent ${bytes} bytes, but ${counted} arrived`)
  }
}

function cpuSeconds () {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function send (address, gigabytes, rounds) {
  const node = await host([])
  const connection = await node.dial(multiaddr(address))
  const bytes = Math.floor(gigabytes * 1e9)
  for (let round = 1; round <= rounds; round++) {
    const cpu = cpuSeconds()
    const began = performance.now()
    await sendOnce(connection, bytes)
    const seconds = (performance.now() - began) / 1000
    const spent = (cpuSeconds() - cpu) / gigabytes
    console.log(`round ${round}: ${(bytes / 1e6 / seconds).toFixed(0)} MB/s, ` +
      `${spent.toFixed(2)} CPU s/GB at the client`)
  }
  await node.stop()
}

const [mode, ...args] = process.argv.slice(2)
if (mode === 'server') {
  await serve(args[0] ?? '0')
} else if (mode === 'client') {
  await send(args[0], Number(args[1] ?? 1), Number(args[2] ?? 3))
} else {
  const server = spawn(process.execPath, [process.argv[1], 'server'], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const [address] = await once(createInterface(server.stdout), 'line')
  try {
    await send(address, Number(mode ?? 1), Number(args[0] ?? 3))
  } finally {
    server.kill()
  }
}
