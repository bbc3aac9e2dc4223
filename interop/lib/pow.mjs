// Proof of work: spec/pow.md. Numbers are BigInt throughout.
import { decode, sha256 } from './dag.mjs'
import { forkVersionAt } from './chainspec.mjs'

const HASHES = 2n ** 256n
const EASIEST = 0x7fffffn << 232n

function expand (compact) {
  const length = compact >> 24n
  const mantissa = compact & 0xffffffn
  return length >= 3n ? mantissa << 8n * (length - 3n) : mantissa >> 8n * (3n - length)
}

/** The compact form of the greatest target that is at most a number. */
export function compactOf (target) {
  let length = BigInt(Math.ceil(target.toString(16).length / 2))
  let mantissa = length >= 3n ? target >> 8n * (length - 3n) : target << 8n * (3n - length)
  if (mantissa >= 0x800000n) {
    mantissa >>= 8n
    length++
  }
  return length << 24n | mantissa
}

/** The target of a compact form; throws when it is none, or not the only one of its target. */
export function targetOf (compact) {
  const target = expand(BigInt(compact))
  if (target < 1n || target > EASIEST || compactOf(target) !== BigInt(compact)) throw new Error(`not a compact target: ${compact}`)
  return target
}

export const targetOfDifficulty = hashes => expand(compactOf(HASHES / BigInt(hashes) - 1n))

export const workOf = target => HASHES / (target + 1n)

const floorShift = (value, bits) => bits >= 0n ? value << bits : value >> -bits

/** The target of the block after one of this height and time. */
export function targetAfter (spec, height, time) {
  const { blockInterval, halfLife, difficulty, leastDifficulty } = spec.engine
  const late = BigInt(time) - (BigInt(spec.genesisTime) - blockInterval) - blockInterval * (BigInt(height) + 1n)
  const exponent = late * 65536n / halfLife
  const shifts = exponent >> 16n
  const x = exponent - (shifts << 16n)
  const least = targetOfDifficulty(leastDifficulty)
  if (shifts > 512n) return least
  if (shifts < -512n) return 1n
  const factor = 65536n + (195766423245049n * x + 971821376n * x ** 2n + 5127n * x ** 3n + 2n ** 47n >> 48n)
  const target = floorShift(targetOfDifficulty(difficulty) * factor, shifts) >> 16n
  if (target < 1n) return 1n
  return target > least ? least : expand(compactOf(target))
}

/** A header's target, miner and work; throws when its nonce does not do the work. */
export function readWork (spec, header) {
  const start = 1
  const inner = header.subarray(start, header.length - 9)
  const [fields, nonce] = decode(header)
  if (header[0] !== 0x82 || nonce?.length !== 8) throw new Error('no nonce')
  const [compact, miner] = fields[7]
  const target = targetOf(compact)
  const forkVersion = Buffer.alloc(4)
  forkVersion.writeUInt32BE(forkVersionAt(spec, fields[1]))
  const challenge = sha256(Buffer.from('cairn/work/1\0'), spec.chainId, forkVersion, inner)
  const hash = BigInt('0x' + sha256(challenge, nonce).toString('hex'))
  if (hash > target) throw new Error('its nonce does not do the work')
  return { height: fields[1], time: fields[2], target, miner, challenge, work: workOf(target) }
}

/** Why headers do not follow one another from the genesis block; their work together when they do. */
export function readHeaders (spec, headers) {
  const times = [spec.genesisTime]
  let work = 0n
  headers.forEach((header, i) => {
    const read = readWork(spec, header)
    const before = times.slice(-11).sort((a, b) => a - b)
    if (read.height !== i + 1) throw new Error('its height')
    if (read.time <= before[Math.floor(before.length / 2)]) throw new Error('its time')
    if (read.target !== targetAfter(spec, i, times.at(-1))) throw new Error('its target')
    times.push(read.time)
    work += read.work
  })
  return work
}
