package dev.cairn.core.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.state.RecordValue;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class TransactionTest {

  private static final SigningDomain DOMAIN = new SigningDomain(Hash.sha256(new byte[1]), 3);

  private final Ed25519Key key = TestChain.key(1);
  private final Address to = Address.of(TestChain.key(2).publicKey());

  private Transaction sign(Payload payload) {
    return Transaction.sign(DOMAIN, key, 7, 500, 1_800_000_000_000L, payload);
  }

  private List<Payload> payloads() {
    RecordValue inline = new RecordValue.Inline(Bytes.of(1, 2, 3));
    RecordValue link = new RecordValue.Link(Cid.hash(Cid.RAW, new byte[5]));
    return List.of(
        new Transfer(to, 12),
        new Put("name", inline, OptionalLong.empty()),
        new Put("ключ", link, OptionalLong.of(0)),
        new Delete("name", OptionalLong.of(4)),
        new Delete("n", OptionalLong.empty()));
  }

  @Test
  void what_is_signed_comes_back() {
    for (Payload payload : payloads()) {
      Transaction signed = sign(payload);
      Transaction read = Transaction.decode(signed.encoded().toArray());
      assertEquals(payload, read.payload());
      assertEquals(Address.of(key.publicKey()), read.sender());
      assertEquals(7, read.nonce());
      assertEquals(500, read.fee());
      assertEquals(1_800_000_000_000L, read.validUntil());
      assertEquals(signed, read);
      assertEquals(Cid.hash(Cid.DAG_CBOR, signed.encoded().toArray()), read.id());
      assertTrue(read.verify(DOMAIN));
    }
  }

  @Test
  void reads_one_among_others_and_shares_their_array_until_it_is_alone() {
    Transaction signed = sign(new Transfer(to, 12));
    byte[] two =
        new CborWriter()
            .array(2)
            .raw(signed.encoded().toArray())
            .raw(signed.encoded().toArray())
            .toBytes();
    CborReader reader = new CborReader(two);
    reader.array(2);
    Transaction.read(two, reader);
    Transaction second = Transaction.read(two, reader);
    reader.end();
    assertEquals(signed, second);
    assertEquals(signed.encoded(), second.encoded());
    assertEquals(signed.signature(), second.signature());
    assertTrue(second.verify(DOMAIN));

    Transaction alone = second.alone();
    Arrays.fill(two, (byte) 0);
    assertNotEquals(signed.encoded(), second.encoded());
    assertEquals(signed.encoded(), alone.encoded());
    assertTrue(alone.verify(DOMAIN));
    assertSame(alone, alone.alone());
  }

  @Test
  void any_changed_byte_is_malformed_or_fails_the_signature() {
    byte[] encoded = sign(new Transfer(to, 12)).encoded().toArray();
    Random random = new Random(3);
    for (int i = 0; i < encoded.length; i++) {
      byte[] changed = encoded.clone();
      changed[i] ^= (byte) (1 << random.nextInt(8));
      try {
        assertFalse(Transaction.decode(changed).verify(DOMAIN), "byte " + i);
      } catch (MalformedException e) {
        // As good.
      }
    }
  }

  @Test
  void a_signature_is_good_on_one_chain_and_fork_only() {
    Transaction signed = sign(new Transfer(to, 12));
    assertTrue(signed.verify(DOMAIN));
    assertFalse(signed.verify(new SigningDomain(DOMAIN.chainId(), 4)));
    assertFalse(signed.verify(new SigningDomain(Hash.ZERO, 3)));
  }

  private byte[] unsigned(int version, Payload payload) {
    CborWriter writer = new CborWriter().array(2).array(6).uint(version).bytes(key.publicKey());
    writer.uint(0).uint(0).uint(0);
    payload.write(writer);
    return writer.bytes(new byte[64]).toBytes();
  }

  private record Odd(int tag, int fields) implements Payload {
    @Override
    public void write(CborWriter writer) {
      writer.array(1 + fields).uint(tag);
      for (int i = 0; i < fields; i++) {
        writer.nul();
      }
    }
  }

  @Test
  void refuses_versions_tags_and_shapes_it_does_not_know() {
    Transaction.decode(unsigned(1, new Transfer(to, 1)));
    for (byte[] wrong :
        List.of(
            unsigned(0, new Transfer(to, 1)),
            unsigned(2, new Transfer(to, 1)),
            unsigned(1, new Odd(0, 2)),
            unsigned(1, new Odd(63, 2)),
            unsigned(1, new Odd(1, 3)),
            unsigned(1, new Odd(2, 2)),
            unsigned(1, new Odd(3, 3)),
            unsigned(1, new Odd(70_000, 0)))) {
      assertThrows(MalformedException.class, () -> Transaction.decode(wrong));
    }
  }

  @Test
  void refuses_a_transfer_of_nothing_and_bad_names() {
    assertThrows(MalformedException.class, () -> new Transfer(to, 0));
    RecordValue value = new RecordValue.Inline(Bytes.EMPTY);
    new Put("x".repeat(128), value, OptionalLong.empty());
    new Put("é", value, OptionalLong.empty());
    for (String name : List.of("", "x".repeat(129), "é".repeat(65), "e\u0301", "\u0378")) {
      assertThrows(
          MalformedException.class, () -> new Put(name, value, OptionalLong.empty()), name);
      assertThrows(MalformedException.class, () -> new Delete(name, OptionalLong.empty()), name);
    }
  }

  @Test
  void the_largest_transaction_has_32_kib() {
    int empty = sign(put(1000)).size() - 1000;
    int room = Transaction.BYTES_MAX - empty;
    assertEquals(Transaction.BYTES_MAX, sign(put(room)).size());
    assertThrows(MalformedException.class, () -> sign(put(room + 1)));
  }

  private static Put put(int bytes) {
    return new Put("n", new RecordValue.Inline(Bytes.wrap(new byte[bytes])), OptionalLong.empty());
  }

  @Test
  void a_verified_signature_is_remembered_for_its_domain_and_forgotten_in_time() {
    VerifiedSignatures verified = new VerifiedSignatures(8);
    Transaction first = sign(new Transfer(to, 1));
    assertFalse(verified.knows(first.id(), DOMAIN));
    assertTrue(verified.verify(first, DOMAIN));
    assertTrue(verified.knows(first.id(), DOMAIN));
    assertFalse(verified.verify(first, new SigningDomain(DOMAIN.chainId(), 4)));
    for (int amount = 2; amount < 12; amount++) {
      assertTrue(verified.verify(sign(new Transfer(to, amount)), DOMAIN));
    }
    assertFalse(verified.knows(first.id(), DOMAIN));
    assertTrue(verified.verify(first, DOMAIN));
  }

  @Test
  void a_bad_signature_is_never_remembered() {
    VerifiedSignatures verified = new VerifiedSignatures();
    Transaction forged = Transaction.decode(unsigned(1, new Transfer(to, 1)));
    assertFalse(verified.verify(forged, DOMAIN));
    assertFalse(verified.verify(forged, DOMAIN));
    assertFalse(verified.knows(forged.id(), DOMAIN));
  }
}
