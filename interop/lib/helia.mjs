// A Helia node that takes part in Cairn's DHT as a server, and exchanges blocks by Bitswap alone.
import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { unixfs } from '@helia/unixfs'
import { identify, identifyPush } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { MemoryBlockstore } from 'blockstore-core'
import { createHeliaLight } from 'helia'
import { until } from './cairn.mjs'

/** Starts it on a free port of 127.0.0.1, connected to the node at one address: { helia, peer, fs, stop }. */
export async function createHeliaNode (address) {
  const helia = withBitswap(withLibp2pLight(createHeliaLight({ blockstore: new MemoryBlockstore() }), {
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping(),
      dht: kadDHT({ protocol: '/cairn/kad/1.0.0', clientMode: false, peerInfoMapper: passthroughMapper })
    }
  }))
  await helia.start()
  await helia.libp2p.dial(multiaddr(address))
  await until('Helia has a peer in its routing table', () => helia.libp2p.services.dht.routingTable.size > 0)
  return { helia, peer: helia.libp2p, fs: unixfs(helia), stop: () => helia.stop() }
}

/** All files below a folder, by path. */
export async function readAll (fs, cid, options, path = '', files = new Map()) {
  for await (const entry of fs.ls(cid, options)) {
    const at = path === '' ? entry.name : `${path}/${entry.name}`
    if ((await fs.stat(entry.cid, options)).type === 'directory') {
      await readAll(fs, entry.cid, options, at, files)
    } else {
      const parts = []
      for await (const part of fs.cat(entry.cid, options)) parts.push(part)
      files.set(at, Buffer.concat(parts))
    }
  }
  return files
}
