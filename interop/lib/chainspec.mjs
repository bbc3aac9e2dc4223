// From a chain spec file to the chain's id and its genesis block: spec/chainspec.md.
import { parse } from 'smol-toml'
import { txRoot } from './blocks.mjs'
import { cidOf, encode, sha256 } from './dag.mjs'
import { keyOf, shortName, verifyIn } from './identities.mjs'
import { compactOf, targetOfDifficulty } from './pow.mjs'
import {
  accountKey, accountValue, setKey, STAKING_KEY, stateRoot, validatorKey, validatorValue, VALIDATORS_KEY
} from './state.mjs'

const TAGS = { transfer: 1, put: 2, delete: 3, stake: 4, unstake: 5, evidence: 6 }
const STAKING_TAGS = [TAGS.stake, TAGS.unstake, TAGS.evidence]
const TEN_YEARS_MILLIS = 315_360_000_000n
const MONEY_MAX = 2n ** 63n - 1n
const STAKE_MAX = 2n ** 61n - 1n

function refuse (what) {
  throw new Error(`bad chain spec: ${what}`)
}

/** Takes the keys of a table, all of them but the optional ones needed and no others allowed. */
function table (value, where, needed, optional = []) {
  if (Object.prototype.toString.call(value) !== '[object Object]') refuse(`${where} is no table`)
  for (const key of needed) if (!(key in value)) refuse(`${where} lacks ${key}`)
  for (const key of Object.keys(value)) if (![...needed, ...optional].includes(key)) refuse(`${where} has an unknown key ${key}`)
  return value
}

function uint (value, where, min, max) {
  if (typeof value !== 'bigint' || value < min || value > max) refuse(`${where} is not in ${min} to ${max}`)
  return value
}

function hex (value, where, length) {
  if (typeof value !== 'string' || value.length !== 2 * length || /[^0-9a-f]/i.test(value)) refuse(`${where} is not ${length} bytes in hexadecimal`)
  return Buffer.from(value, 'hex')
}

function list (value, where, max) {
  if (!Array.isArray(value) || value.length > max) refuse(`${where} is not a list of at most ${max}`)
  return value
}

const ascending = (items, key) => items.sort((a, b) => Buffer.compare(a[key], b[key]))

function distinct (items, key, where) {
  items.forEach((item, i) => { if (i > 0 && Buffer.compare(items[i - 1][key], item[key]) === 0) refuse(`${where} twice`) })
  return items
}

function readEngine (value) {
  if (value?.name === 'pow') return readPow(value)
  table(value, 'engine', ['name', 'longest-silence-ms', 'epoch-blocks', 'validators'], ['staking'])
  if (value.name !== 'simplex') refuse(`an engine ${value.name}`)
  const validators = list(value.validators, 'validators', 256).map(v => {
    table(v, 'a validator', ['key', 'possession', 'account', 'stake'])
    const key = hex(v.key, 'key', 32)
    const account = keyOf(v.account)
    const possession = hex(v.possession, 'possession', 64)
    const domain = { chainId: Buffer.alloc(32), forkVersion: 0 }
    if (!verifyIn('possession', domain, encode([key, account]), key, possession)) refuse('possession is not proved')
    return { key, possession, account, stake: uint(v.stake, 'stake', 1n, STAKE_MAX) }
  })
  if (validators.length === 0) refuse('no validators')
  if (validators.reduce((sum, v) => sum + v.stake, 0n) > STAKE_MAX) refuse('too much stake')
  const staking = value.staking === undefined ? null : readStaking(value.staking)
  if (staking && validators.some(v => v.stake < staking.stakeMin)) refuse('less than the least stake')
  return {
    staking,
    longestSilence: uint(value['longest-silence-ms'], 'longest-silence-ms', 1n, 86_400_000n),
    epochBlocks: uint(value['epoch-blocks'], 'epoch-blocks', 1n, 2n ** 40n),
    validators: distinct(ascending(validators, 'key'), 'key', 'a validator')
  }
}

const OPEN_BYTES_MAX = 40_000_000n

function readPow (value) {
  table(value, 'engine', ['name', 'block-interval-ms', 'half-life-ms', 'difficulty', 'least-difficulty', 'finality-depth'])
  const blockInterval = uint(value['block-interval-ms'], 'block-interval-ms', 10n, 86_400_000n)
  const difficulty = uint(value.difficulty, 'difficulty', 2n, 2n ** 62n)
  return {
    pow: true,
    blockInterval,
    halfLife: uint(value['half-life-ms'], 'half-life-ms', blockInterval, 2n ** 40n),
    difficulty,
    leastDifficulty: uint(value['least-difficulty'], 'least-difficulty', 2n, difficulty),
    finalityDepth: uint(value['finality-depth'], 'finality-depth', 1n, 128n),
    validators: [],
    staking: null
  }
}

function readStaking (value) {
  table(value, 'engine.staking', ['stake-min', 'unbonding-ms', 'slash-permille'])
  return {
    stakeMin: uint(value['stake-min'], 'stake-min', 1n, STAKE_MAX),
    unbonding: uint(value['unbonding-ms'], 'unbonding-ms', 0n, TEN_YEARS_MILLIS),
    slashPermille: uint(value['slash-permille'], 'slash-permille', 1n, 1000n)
  }
}

function readUpgrades (value) {
  let before = { forkVersion: 0n, height: 0n }
  return value.map(u => {
    table(u, 'an upgrade', ['fork-version', 'height'])
    const upgrade = {
      forkVersion: uint(u['fork-version'], 'fork-version', before.forkVersion + 1n, 2n ** 32n - 1n),
      height: uint(u.height, 'height', before.height + 1n, MONEY_MAX)
    }
    before = upgrade
    return upgrade
  })
}

/** Reads a chain spec file. */
export function readChainSpec (toml) {
  const file = table(parse(toml, { integersAsBigInt: true }), 'the file',
    ['name', 'genesis-time', 'fee-per-byte', 'block-bytes-max', 'payloads', 'engine'], ['accounts', 'upgrades'])
  if (typeof file.name !== 'string' || !/^[a-z0-9-]{1,32}$/.test(file.name)) refuse('the name')
  if (!(file['genesis-time'] instanceof Date)) refuse('genesis-time')
  const engine = readEngine(file.engine)
  const accounts = list(file.accounts ?? [], 'accounts', 100_000).map(a => {
    table(a, 'an account', ['address', 'balance'])
    return { address: keyOf(a.address), balance: uint(a.balance, 'balance', 1n, MONEY_MAX) }
  })
  const money = [...accounts.map(a => a.balance), ...engine.validators.map(v => v.stake)].reduce((a, b) => a + b, 0n)
  if (money > MONEY_MAX) refuse('too much money')
  const payloads = list(file.payloads, 'payloads', 65_536).map(p => TAGS[p] ?? refuse(`a payload ${p}`)).sort((a, b) => a - b)
  if (new Set(payloads).size !== payloads.length) refuse('a payload twice')
  if (payloads.some(tag => STAKING_TAGS.includes(tag)) !== (engine.staking !== null)) refuse('staking and payloads')
  const blockBytesMax = uint(file['block-bytes-max'], 'block-bytes-max', 131_072n, 1_000_000n)
  if (engine.pow && engine.finalityDepth * blockBytesMax > OPEN_BYTES_MAX) refuse('too much that is not final')
  return complete({
    name: file.name,
    engine,
    genesisTime: file['genesis-time'].getTime(),
    accounts: distinct(ascending(accounts, 'address'), 'address', 'an account'),
    feePerByte: uint(file['fee-per-byte'], 'fee-per-byte', 0n, 10n ** 12n),
    blockBytesMax,
    payloads,
    upgrades: readUpgrades(file.upgrades ?? [])
  })
}

function complete (spec) {
  const { engine } = spec
  const { staking } = engine
  const canonical = encode([
    1,
    spec.name,
    engine.pow
      ? ['pow', engine.blockInterval, engine.halfLife, engine.difficulty, engine.leastDifficulty, engine.finalityDepth]
      : ['simplex', engine.longestSilence, engine.epochBlocks, engine.validators.map(v => [v.key, v.possession, v.account, v.stake]),
          ...(staking ? [[staking.stakeMin, staking.unbonding, staking.slashPermille]] : [])],
    spec.genesisTime,
    spec.accounts.map(a => [a.address, a.balance]),
    spec.feePerByte,
    spec.blockBytesMax,
    spec.payloads,
    spec.upgrades.map(u => [u.forkVersion, u.height])
  ])
  const chainId = sha256(canonical)
  return { ...spec, canonical, chainId, shortName: shortName(chainId), genesis: genesis(spec) }
}

/** The fork version that holds at a height. */
export function forkVersionAt (spec, height) {
  return Number(spec.upgrades.findLast(u => BigInt(height) >= u.height)?.forkVersion ?? 0n)
}

/** The genesis state as [key, value] pairs. */
export function genesisState ({ accounts, engine }) {
  return [
    ...accounts.map(a => [accountKey(a.address), accountValue(a.balance, 0)]),
    ...engine.validators.map(v => [validatorKey(v.key), validatorValue(v.account, v.stake)]),
    ...(engine.pow ? [] : [[VALIDATORS_KEY, encode(engine.validators.map(v => v.key))]]),
    ...(engine.staking ? stakingState(engine) : [])
  ]
}

function stakingState ({ epochBlocks, staking, validators }) {
  const set = encode(validators.map(v => [v.key, v.account, v.stake]))
  return [
    [STAKING_KEY, encode([epochBlocks, staking.stakeMin, staking.unbonding, staking.slashPermille])],
    [setKey(0), set],
    [setKey(1), set]
  ]
}

function genesis (spec) {
  const body = encode([])
  const validators = sha256(encode(spec.engine.validators.map(v => [v.key, v.account, v.stake])))
  const consensus = spec.engine.pow
    ? [compactOf(targetOfDifficulty(spec.engine.difficulty)), Buffer.alloc(32)]
    : [0, Buffer.alloc(32), validators, validators]
  const header = encode([[1, 0, spec.genesisTime, null, cidOf(body), txRoot([]), stateRoot(genesisState(spec)), consensus], null])
  return { id: cidOf(header), header, body }
}
