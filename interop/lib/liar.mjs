// A peer that says over Bitswap 1.2 that it has everything and sends wrong bytes.
import { createPeer } from './peer.mjs'
import { delimited, split } from './streams.mjs'

const BITSWAP = '/ipfs/bitswap/1.2.0'
const HAVE = 0

function varint (value) {
  const out = []
  while (value > 127) {
    out.push((value & 127) | 128)
    value = Math.floor(value / 128)
  }
  return Buffer.from([...out, value])
}

const field = (number, bytes) => Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
const number = (at, value) => Buffer.concat([varint(at * 8), varint(value)])

/** The fields of a protobuf message: [number, value]. */
function * fields (bytes) {
  let at = 0
  const next = () => {
    let value = 0
    let shift = 1
    for (;;) {
      const byte = bytes[at++]
      value += (byte & 127) * shift
      if (byte < 128) return value
      shift *= 128
    }
  }
  while (at < bytes.length) {
    const key = next()
    if (key % 8 === 2) {
      const length = next()
      yield [Math.floor(key / 8), bytes.subarray(at, at + length)]
      at += length
    } else {
      yield [Math.floor(key / 8), next()]
    }
  }
}

/** Starts the peer; `lies` counts the wrong blocks that it sent. */
export async function createLiar () {
  const peer = await createPeer()
  const liar = { peer, lies: 0, stop: () => peer.stop() }
  await peer.handle(BITSWAP, async (stream, connection) => {
    let buffered = Buffer.alloc(0)
    stream.addEventListener('message', ({ data }) => {
      buffered = Buffer.concat([buffered, data.subarray()])
      const { messages, rest } = split(buffered)
      buffered = buffered.subarray(rest)
      for (const message of messages) answer(liar, connection, message).catch(() => {})
    })
  })
  return liar
}

async function answer (liar, connection, message) {
  const parts = []
  for (const [at, wantlist] of fields(message)) {
    if (at !== 1) continue
    for (const [of, entry] of fields(wantlist)) {
      if (of !== 1) continue
      const wanted = Object.fromEntries(fields(entry))
      if (wanted[3]) continue // a cancel
      if (wanted[4] === 1) {
        parts.push(field(4, Buffer.concat([field(1, wanted[1]), number(2, HAVE)])))
      } else {
        liar.lies++
        const prefix = Buffer.from([1, 0x55, 0x12, 0x20]) // CIDv1, raw, sha2-256 of 32 bytes
        parts.push(field(3, Buffer.concat([field(1, prefix), field(2, Buffer.alloc(1000, liar.lies))])))
      }
    }
  }
  if (parts.length === 0) return
  const stream = await connection.newStream(BITSWAP)
  stream.send(delimited(Buffer.concat(parts)))
  await stream.close()
}
