// Stakes, and what the last block of an epoch does: spec/transactions.md and spec/state.md.
import { decode, encode } from './dag.mjs'
import { epochOfEvidence, isSignedBy } from './evidence.mjs'
import { verifyIn } from './identities.mjs'
import {
  punishedKey, setKey, STAKING_KEY, UNBONDING_KEY, unbondingKey, validatorKey, validatorValue, VALIDATORS_KEY
} from './state.mjs'

const VALIDATORS_MAX = 256
const KEYS_MAX = 1024
const UNBONDING_MAX = 16
const EVIDENCE_EPOCHS = 2
const STAKE_MAX = 2n ** 61n - 1n
const NO_CHAIN = { chainId: Buffer.alloc(32), forkVersion: 0 }

/** Stakes over a state of { get, set, remove }, with `pay` to change balances and `demand` to refuse. */
export function createStakes ({ get, set, remove, pay, account, demand }) {
  const rules = () => {
    const [epochBlocks, stakeMin, unbonding, slashPermille] = decode(get(STAKING_KEY)).map(BigInt)
    return { epochBlocks, stakeMin, unbonding, slashPermille }
  }
  const list = key => (get(key) ? decode(get(key)).map(k => Buffer.from(k)) : [])
  const entry = key => {
    if (!get(validatorKey(key))) return undefined
    const [owner, stake] = decode(get(validatorKey(key)))
    return { owner: Buffer.from(owner), stake: BigInt(stake) }
  }
  const queue = key => (get(unbondingKey(key)) ? decode(get(unbondingKey(key))) : [])

  function listed (where, key, there) {
    const others = list(where).filter(k => !k.equals(key))
    const keys = there ? [...others, key].sort(Buffer.compare) : others
    if (keys.length > 0) set(where, encode(keys))
    else remove(where)
  }

  function put (key, owner, stake) {
    if (stake > 0n) set(validatorKey(key), validatorValue(owner, stake))
    else remove(validatorKey(key))
    listed(VALIDATORS_KEY, key, stake > 0n)
  }

  function putQueue (key, items) {
    if (items.length > 0) set(unbondingKey(key), encode(items))
    else remove(unbondingKey(key))
    listed(UNBONDING_KEY, key, items.length > 0)
  }

  const epochAt = height => (BigInt(height) - 1n) / rules().epochBlocks

  function unbond (key, owner, amount, block) {
    const epoch = epochAt(block.height) + 1n + BigInt(EVIDENCE_EPOCHS)
    putQueue(key, [...queue(key), [owner, amount, BigInt(block.time) + rules().unbonding, epoch]])
  }

  function stake (sender, [key, possession, amount]) {
    demand(account(sender).balance >= BigInt(amount), 'its balance')
    demand(!get(punishedKey(key)), 'a punished key')
    const before = entry(key)
    if (before) demand(before.owner.equals(Buffer.from(sender)), 'another owner')
    else {
      demand(BigInt(amount) >= rules().stakeMin, 'too little stake')
      demand(list(VALIDATORS_KEY).length < VALIDATORS_MAX, 'too many validators')
      demand(list(VALIDATORS_KEY).length + list(UNBONDING_KEY).length < KEYS_MAX, 'too many keys')
    }
    const total = list(VALIDATORS_KEY).reduce((sum, k) => sum + entry(k).stake, 0n)
    demand(total + BigInt(amount) <= STAKE_MAX, 'too much stake')
    demand(verifyIn('possession', NO_CHAIN, encode([key, sender]), key, possession), 'possession')
    pay(sender, -BigInt(amount))
    put(Buffer.from(key), sender, (before?.stake ?? 0n) + BigInt(amount))
  }

  function unstake (sender, [key, amount], block) {
    const before = entry(key)
    demand(before && before.owner.equals(Buffer.from(sender)), 'no validator of the sender')
    const left = before.stake - BigInt(amount)
    demand(left === 0n || left >= rules().stakeMin, 'what is left')
    demand(left > 0n || list(VALIDATORS_KEY).length > 1, 'the last validator')
    demand(queue(key).length < UNBONDING_MAX, 'too many unstakings')
    unbond(Buffer.from(key), sender, BigInt(amount), block)
    put(Buffer.from(key), sender, left)
  }

  function evidence (offender, item, block, domainAt) {
    const key = Buffer.from(offender)
    demand(!get(punishedKey(key)), 'punished before')
    const epoch = epochOfEvidence(item)
    const validators = get(setKey(epoch))
    demand(validators, 'too old or too early')
    const index = decode(validators).findIndex(([k]) => key.equals(Buffer.from(k)))
    const domain = domainAt(BigInt(epoch) * rules().epochBlocks + 1n)
    demand(index >= 0 && isSignedBy(item, key, index, domain), 'its signatures')
    const share = amount => BigInt(amount) * rules().slashPermille / 1000n
    putQueue(key, queue(key)
      .map(([owner, amount, ...rest]) => [owner, BigInt(amount) - share(amount), ...rest])
      .filter(([, amount]) => amount > 0n))
    set(punishedKey(key), encode([epoch, block.height]))
    const before = entry(key)
    if (!before) return
    const left = before.stake - share(before.stake)
    if (list(VALIDATORS_KEY).length === 1) return put(key, before.owner, left > 0n ? left : 1n)
    put(key, before.owner, 0n)
    if (left > 0n) unbond(key, before.owner, left, block)
  }

  /** What the last block of an epoch does after its transactions and fees. */
  function endOfBlock (block) {
    if (!get(STAKING_KEY) || BigInt(block.height) % rules().epochBlocks !== 0n) return
    const epoch = epochAt(block.height)
    set(setKey(epoch + 2n), encode(list(VALIDATORS_KEY).map(key => [key, entry(key).owner, entry(key).stake])))
    if (epoch >= EVIDENCE_EPOCHS) remove(setKey(epoch - BigInt(EVIDENCE_EPOCHS)))
    for (const key of list(UNBONDING_KEY)) {
      const due = ([, , time, first]) => BigInt(time) <= BigInt(block.time) && BigInt(first) <= epoch
      for (const [owner, amount] of queue(key).filter(due)) pay(owner, BigInt(amount))
      putQueue(key, queue(key).filter(item => !due(item)))
    }
  }

  return { stake, unstake, evidence, endOfBlock }
}
