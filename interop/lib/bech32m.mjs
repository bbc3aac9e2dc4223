// Bech32m (BIP-350) for addresses.
const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const BECH32M = 0x2bc830a3
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const CHECKSUM = 6

function polymod (values) {
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    GENERATORS.forEach((g, i) => { if ((top >>> i) & 1) sum ^= g })
  }
  return sum >>> 0
}

const expand = prefix => [...prefix].map(c => c.charCodeAt(0) >> 5)
  .concat(0, [...prefix].map(c => c.charCodeAt(0) & 31))

function regroup (values, from, to, pad) {
  let bits = 0
  let acc = 0
  const out = []
  for (const value of values) {
    acc = (acc << from) | value
    bits += from
    while (bits >= to) {
      bits -= to
      out.push((acc >> bits) & ((1 << to) - 1))
    }
    acc &= (1 << bits) - 1
  }
  if (pad && bits > 0) out.push((acc << (to - bits)) & ((1 << to) - 1))
  if (!pad && (bits >= from || acc !== 0)) throw new Error('bech32m: padding is not zero')
  return out
}

export function encode (prefix, bytes) {
  const data = regroup(bytes, 8, 5, true)
  const sum = polymod([...expand(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ BECH32M
  for (let i = 0; i < CHECKSUM; i++) data.push((sum >>> (5 * (CHECKSUM - 1 - i))) & 31)
  return `${prefix}1${data.map(v => ALPHABET[v]).join('')}`
}

export function decode (prefix, text) {
  const lower = text.toLowerCase()
  if (lower !== text && text.toUpperCase() !== text) throw new Error('bech32m: mixed case')
  if (!lower.startsWith(`${prefix}1`)) throw new Error(`bech32m: not a ${prefix} address`)
  const values = [...lower.slice(prefix.length + 1)].map(c => ALPHABET.indexOf(c))
  if (values.length < CHECKSUM || values.includes(-1)) throw new Error('bech32m: not a character of the alphabet')
  if (polymod([...expand(prefix), ...values]) !== BECH32M) throw new Error('bech32m: the checksum is wrong')
  return Buffer.from(regroup(values.slice(0, -CHECKSUM), 5, 8, false))
}
