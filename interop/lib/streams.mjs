// Messages behind an unsigned varint with their length, over a js-libp2p stream.
import { varint } from 'multiformats'

/** A message behind its length. */
export function delimited (message) {
  const head = varint.encodeTo(message.length, new Uint8Array(varint.encodingLength(message.length)))
  return Buffer.concat([head, message])
}

/** The whole messages of some bytes, and where the bytes of the next one begin. */
export function split (bytes) {
  const messages = []
  let at = 0
  while (at < bytes.length) {
    let length, size
    try {
      [length, size] = varint.decode(bytes, at)
    } catch {
      break
    }
    if (bytes.length < at + size + length) break
    messages.push(bytes.subarray(at + size, at + size + length))
    at += size + length
  }
  return { messages, rest: at }
}

/** Reads a stream until `enough(bytes)` or its end, and returns the bytes. */
export function read (stream, { enough = () => false, signal = AbortSignal.timeout(20_000) } = {}) {
  return new Promise((resolve, reject) => {
    let all = Buffer.alloc(0)
    const done = settle => {
      stream.removeEventListener('message', onMessage)
      stream.removeEventListener('end', onEnd)
      stream.removeEventListener('close', onClose)
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onMessage = ({ data }) => {
      all = Buffer.concat([all, data.subarray()])
      if (enough(all) || ended()) done(() => resolve(all))
    }
    // What the negotiation read too far is put back, perhaps behind the end.
    const ended = () => stream.readableEnded && stream.readBufferLength === 0
    // A reset ends the reading side too; only the close that follows says why.
    const onEnd = () => ['reset', 'aborted'].includes(stream.status) || done(() => resolve(all))
    const onClose = ({ error }) => done(() => error ? reject(error) : resolve(all))
    const onAbort = () => done(() => reject(signal.reason))
    stream.addEventListener('end', onEnd)
    stream.addEventListener('close', onClose)
    signal.addEventListener('abort', onAbort)
    stream.addEventListener('message', onMessage)
    if (ended()) onEnd()
  })
}

/** Sends one message, closes the writing side, and returns all the messages of the answer. */
export async function request (peer, target, protocol, message) {
  const stream = await peer.dialProtocol(target, protocol, { signal: AbortSignal.timeout(20_000) })
  const answer = read(stream)
  answer.catch(() => {})
  stream.send(delimited(message))
  await stream.close()
  const bytes = await answer
  const { messages, rest } = split(bytes)
  if (rest !== bytes.length) throw new Error(`the answer ends inside a message: ${bytes.length - rest} bytes too many`)
  return messages
}

/** Answers each request on a protocol with the messages that `answer(message, from)` returns. */
export function serve (peer, protocol, answer) {
  return peer.handle(protocol, async (stream, connection) => {
    try {
      const bytes = await read(stream, { enough: all => split(all).messages.length > 0 })
      const { messages: [message] } = split(bytes)
      if (!message) throw new Error('no whole request arrived')
      for (const part of await answer(message, connection.remotePeer)) stream.send(delimited(part))
      await stream.close()
    } catch (e) {
      stream.abort(e)
    }
  })
}
