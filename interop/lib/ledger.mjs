// The chain's transition, to check a block's stateRoot: spec/transactions.md and spec/blocks.md.
import { decode } from './dag.mjs'
import { forkVersionAt, genesisState } from './chainspec.mjs'
import { accountKey, accountValue, recordKey, recordValue, stateRoot } from './state.mjs'
import { createStakes } from './staking.mjs'
import { DELETE, EVIDENCE, PUT, STAKE, TRANSFER, UNSTAKE, verifyTransaction } from './transactions.mjs'

const VALID_AHEAD_MILLIS_MAX = 86_400_000

/** The state of a chain after some block, at first the genesis block. Small chains only: it hashes all of it again. */
export function createLedger (spec) {
  const state = new Map(genesisState(spec).map(([key, value]) => [key.toString('hex'), value]))
  const get = key => state.get(key.toString('hex'))
  const set = (key, value) => state.set(key.toString('hex'), value)

  const account = address => {
    const value = get(accountKey(address))
    const [balance, nonce] = value ? decode(value) : [0, 0]
    return { balance: BigInt(balance), nonce }
  }
  const save = (address, { balance, nonce }) => set(accountKey(address), accountValue(balance, nonce))
  const pay = (address, amount) => {
    const to = account(address)
    save(address, { ...to, balance: to.balance + amount })
  }
  const remove = key => state.delete(key.toString('hex'))
  const stakes = createStakes({ get, set, remove, pay, account, demand })
  const domainAt = height => ({ chainId: spec.chainId, forkVersion: forkVersionAt(spec, height) })
  const record = (owner, name) => {
    const value = get(recordKey(owner, name))
    const [, version, content] = value ? decode(value) : [owner, 0, null]
    return { version, content }
  }

  function apply (transaction, block, domain) {
    const { sender, nonce, fee, validUntil, payload, encoded, id } = transaction
    demand(verifyTransaction(transaction, domain), 'its signature')
    demand(spec.payloads.includes(payload[0]), 'its tag')
    demand(payload[0] === EVIDENCE || BigInt(fee) >= spec.feePerByte * BigInt(encoded.length), 'its fee')
    demand(block.time <= validUntil && validUntil <= block.time + VALID_AHEAD_MILLIS_MAX, 'validUntil')
    const from = account(sender)
    demand(BigInt(nonce) === BigInt(from.nonce), 'its nonce')
    demand(from.balance >= BigInt(fee), 'its balance')
    save(sender, { balance: from.balance - BigInt(fee), nonce: from.nonce + 1 })
    const [tag, first] = payload
    if (tag === TRANSFER) {
      const amount = BigInt(payload[2])
      demand(account(sender).balance >= amount, 'its balance')
      pay(sender, -amount)
      pay(first, amount)
      return
    }
    if (tag === STAKE) return stakes.stake(sender, payload.slice(1))
    if (tag === UNSTAKE) return stakes.unstake(sender, payload.slice(1), block)
    if (tag === EVIDENCE) return stakes.evidence(first, payload[2], block, domainAt)
    const expected = payload.at(-1)
    const { version, content } = record(sender, first)
    demand(tag === PUT || (tag === DELETE && content !== null), 'no record')
    demand(expected === null || expected === version, 'another version')
    set(recordKey(sender, first), recordValue(sender, version + 1, tag === PUT ? payload[2] : null, id))
  }

  return {
    account,
    record,
    /** Executes a block over the state; `paid` is the account that gets the fees. Throws when a rule is broken. */
    execute (block, paid) {
      const domain = domainAt(block.height)
      for (const transaction of block.transactions) apply(transaction, block, domain)
      const fees = block.transactions.reduce((sum, t) => sum + BigInt(t.fee), 0n)
      if (fees > 0n) pay(paid, fees)
      stakes.endOfBlock(block)
      const root = stateRoot([...state].map(([key, value]) => [Buffer.from(key, 'hex'), value]))
      demand(root.equals(block.stateRoot), 'its stateRoot')
    }
  }
}

function demand (condition, what) {
  if (!condition) throw new Error(`invalid block: ${what}`)
}
