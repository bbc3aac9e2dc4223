package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.consensus.simplex.Certificate;
import dev.cairn.core.consensus.simplex.Evidence;
import dev.cairn.core.consensus.simplex.Statement;
import dev.cairn.core.consensus.simplex.Vote;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.Possession;
import dev.cairn.core.staking.Stake;
import dev.cairn.core.staking.Unstake;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.core.vectors.VectorFile.Null;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class TransactionVectorTest {

  private static final VectorFile FILE = new VectorFile("transactions.json");
  private static final SigningDomain DOMAIN = new SigningDomain(Hash.sha256(new byte[] {1}), 0);
  private static final Ed25519Key KEY = TestChain.key(1);
  private static final Ed25519Key VALIDATOR = TestChain.key(3);
  private static final Address TO = Address.of(TestChain.key(2).publicKey());
  private static final long VALID_UNTIL = 1_800_000_000_000L;

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(
        object(
            "chainId", DOMAIN.chainId().toString(),
            "forkVersion", DOMAIN.forkVersion(),
            "valid", valid(),
            "malformed", malformed(),
            "badSignatures", badSignatures()));
  }

  @Test
  void the_vectors_hold() {
    for (JsonObject vector : FILE.list("valid")) {
      Transaction transaction = Transaction.decode(VectorFile.bytes(vector, "encoded"));
      assertTrue(transaction.verify(DOMAIN));
      assertEquals(vector.getString("id"), transaction.id().toString());
    }
    for (JsonObject vector : FILE.list("malformed")) {
      assertThrows(
          MalformedException.class,
          () -> Transaction.decode(VectorFile.bytes(vector, "encoded")),
          vector.getString("why"));
    }
    for (JsonObject vector : FILE.list("badSignatures")) {
      Transaction transaction = Transaction.decode(VectorFile.bytes(vector, "encoded"));
      assertFalse(transaction.verify(DOMAIN), vector.getString("why"));
    }
  }

  private static List<Object> valid() {
    RecordValue inline = new RecordValue.Inline(Bytes.of(1, 2, 3));
    RecordValue link = new RecordValue.Link(Cid.hash(Cid.RAW, new byte[0]));
    List<Object> vectors = new ArrayList<>();
    add(vectors, 0, 200, new Transfer(TO, 1));
    add(vectors, 23, 1_000_000, new Transfer(TO, Long.MAX_VALUE));
    add(vectors, 24, Long.MAX_VALUE, new Put("name", inline, OptionalLong.empty()));
    add(vectors, 65_536, 0, new Put("näme/ключ", link, OptionalLong.of(0)));
    add(vectors, Long.MAX_VALUE, 1, new Delete("name", OptionalLong.of(7)));
    add(vectors, 1, 1, new Delete("x".repeat(128), OptionalLong.empty()));
    Address sender = Address.of(KEY.publicKey());
    Bytes validator = Bytes.wrap(VALIDATOR.publicKey());
    add(vectors, 2, 3, new Stake(validator, Possession.prove(VALIDATOR, sender), 1_000));
    add(vectors, 3, 3, new Unstake(validator, Long.MAX_VALUE));
    add(vectors, 4, 0, new Accusation(validator, evidence(1, 2).encode()));
    return vectors;
  }

  private static Vote notarize(long slot, int block) {
    Statement statement =
        new Statement.Notarize(0, slot, Cid.hash(Cid.DAG_CBOR, new byte[] {(byte) block}));
    byte[] message = DOMAIN.message(Certificate.VOTE, Slice.of(statement.encode()));
    return new Vote(statement, 0, Bytes.wrap(VALIDATOR.sign(message)));
  }

  /// Two votes of one slot for these blocks.
  private static Evidence evidence(int first, int second) {
    return new Evidence(notarize(1, first), notarize(1, second));
  }

  private static void add(List<Object> vectors, long nonce, long fee, Payload payload) {
    Transaction t = Transaction.sign(DOMAIN, KEY, nonce, fee, VALID_UNTIL, payload);
    byte[] signed = fields(1, nonce, fee, payload);
    byte[] message = DOMAIN.message(SigningDomain.TRANSACTION, Slice.of(signed));
    vectors.add(
        object(
            "seed", hex(KEY.seed()),
            "sender", t.sender().toString(),
            "nonce", Long.toString(nonce),
            "fee", Long.toString(fee),
            "validUntil", Long.toString(VALID_UNTIL),
            "payload", payload(payload),
            "signed", hex(signed),
            "message", hex(message),
            "signature", hex(t.signature()),
            "encoded", hex(t.encoded()),
            "id", t.id().toString()));
  }

  private static Map<String, Object> payload(Payload payload) {
    return switch (payload) {
      case Transfer t ->
          object("transfer", object("to", t.to().toString(), "amount", Long.toString(t.amount())));
      case Put p ->
          object(
              "put",
              object(
                  "name", p.name(), "value", value(p.value()), "expected", expected(p.expected())));
      case Delete d ->
          object("delete", object("name", d.name(), "expected", expected(d.expected())));
      case Stake s ->
          object(
              "stake",
              object(
                  "key", hex(s.key()),
                  "possession", hex(s.possession()),
                  "amount", Long.toString(s.amount())));
      case Unstake u ->
          object("unstake", object("key", hex(u.key()), "amount", Long.toString(u.amount())));
      case Accusation a ->
          object("evidence", object("offender", hex(a.offender()), "evidence", hex(a.evidence())));
      default -> throw new IllegalArgumentException();
    };
  }

  private static Object value(RecordValue value) {
    return switch (value) {
      case RecordValue.Inline(Bytes bytes) -> object("bytes", hex(bytes));
      case RecordValue.Link(Cid cid) -> object("link", cid.toString());
    };
  }

  private static Object expected(OptionalLong expected) {
    return expected.isPresent() ? Long.toString(expected.getAsLong()) : Null.NULL;
  }

  private static byte[] fields(int version, long nonce, long fee, Payload payload) {
    CborWriter writer = new CborWriter().array(6).uint(version).bytes(KEY.publicKey());
    writer.uint(nonce).uint(fee).uint(VALID_UNTIL);
    payload.write(writer);
    return writer.toBytes();
  }

  private static byte[] signed(byte[] fields) {
    byte[] message = DOMAIN.message(SigningDomain.TRANSACTION, Slice.of(fields));
    return new CborWriter().array(2).raw(fields).bytes(KEY.sign(message)).toBytes();
  }

  private record Odd(int tag, Bytes encoded) implements Payload {
    @Override
    public void write(CborWriter writer) {
      writer.raw(encoded.toArrayUnsafe());
    }
  }

  private static byte[] odd(CborWriter payload) {
    return signed(fields(1, 0, 0, new Odd(0, Bytes.wrap(payload.toBytes()))));
  }

  private static CborWriter payload(int fields, int tag) {
    return new CborWriter().array(fields).uint(tag);
  }

  private static List<Object> malformed() {
    byte[] to = TO.publicKey();
    byte[] good = signed(fields(1, 0, 0, new Transfer(TO, 1)));
    byte[] after = Arrays.copyOf(good, good.length + 1);
    byte[] value = new byte[Transaction.BYTES_MAX];
    List<Object> vectors = new ArrayList<>();
    refuse(vectors, signed(fields(2, 0, 0, new Transfer(TO, 1))), "version 2");
    refuse(vectors, after, "a byte after it");
    refuse(vectors, Arrays.copyOf(good, good.length - 1), "a byte missing");
    refuse(vectors, odd(payload(3, 1).bytes(to).uint(0)), "a transfer of nothing");
    refuse(vectors, odd(payload(3, 1).bytes(new byte[31]).uint(1)), "an address of 31 bytes");
    refuse(vectors, odd(payload(4, 1).bytes(to).uint(1).nul()), "a transfer with a field more");
    refuse(vectors, odd(payload(1, 63)), "a tag that is not known");
    refuse(vectors, odd(payload(4, 2).text("").bytes(to).nul()), "an empty name");
    refuse(vectors, odd(payload(4, 2).text("x".repeat(129)).bytes(to).nul()), "a name too long");
    refuse(vectors, odd(payload(4, 2).text("e\u0301").bytes(to).nul()), "a name not in NFC");
    refuse(vectors, odd(payload(4, 2).text("a").nul().nul()), "a value that is null");
    refuse(vectors, odd(payload(3, 3).text("a").text("1")), "a version that is text");
    refuse(vectors, odd(payload(4, 2).text("a").bytes(value).nul()), "over 32 KiB");
    refuse(vectors, odd(payload(4, 4).bytes(to).bytes(new byte[64]).uint(0)), "a stake of nothing");
    refuse(vectors, odd(payload(4, 4).bytes(to).bytes(new byte[63]).uint(1)), "a short possession");
    refuse(vectors, odd(payload(3, 5).bytes(to).uint(0)), "an unstaking of nothing");
    byte[] twice = evidence(1, 1).encode().toArray();
    refuse(vectors, odd(payload(3, 6).bytes(to).raw(twice)), "twice the same vote");
    byte[] two = new Evidence(notarize(1, 1), notarize(2, 2)).encode().toArray();
    refuse(vectors, odd(payload(3, 6).bytes(to).raw(two)), "votes of two slots");
    refuse(vectors, odd(payload(3, 6).bytes(to).bytes(twice)), "evidence that is no array");
    return vectors;
  }

  private static void refuse(List<Object> vectors, byte[] encoded, String why) {
    vectors.add(object("encoded", hex(encoded), "why", why));
  }

  private static List<Object> badSignatures() {
    Transfer transfer = new Transfer(TO, 1);
    byte[] good = signed(fields(1, 0, 0, transfer));
    byte[] tampered = good.clone();
    tampered[40] ^= 1;
    SigningDomain otherChain = new SigningDomain(Hash.ZERO, 0);
    SigningDomain otherFork = new SigningDomain(DOMAIN.chainId(), 1);
    List<Object> vectors = new ArrayList<>();
    refuse(vectors, tampered, "another nonce than was signed");
    refuse(vectors, sign(otherChain, transfer), "signed for another chain");
    refuse(vectors, sign(otherFork, transfer), "signed for another fork version");
    return vectors;
  }

  private static byte[] sign(SigningDomain domain, Payload payload) {
    return Transaction.sign(domain, KEY, 0, 0, VALID_UNTIL, payload).encoded().toArray();
  }
}
