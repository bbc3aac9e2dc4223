package dev.cairn.files.bitswap;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;

/// Identities that follow from a number.
public final class TestPeers {

  private TestPeers() {}

  public static Identity identity(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    seed[1] = (byte) (number >> 8);
    return Identity.of(Ed25519Key.fromSeed(seed));
  }

  public static PeerId id(int number) {
    return identity(number).id();
  }
}
