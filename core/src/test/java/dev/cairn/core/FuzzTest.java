package dev.cairn.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ChainSpecException;
import dev.cairn.core.ledger.Undo;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.StateTree;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Each decoder on mutated and random bytes: it throws [MalformedException] and nothing else, and
/// what it takes is what it would have written.
class FuzzTest {

  private static final int ROUNDS = 20_000;

  private final TestChain chain = new TestChain(3);
  private final Random random = new Random(9);

  private byte[] mutated(byte[] seed) {
    byte[] data = seed.clone();
    switch (random.nextInt(5)) {
      case 0 -> data = Arrays.copyOf(data, random.nextInt(data.length + 8));
      case 1 -> {
        data = new byte[random.nextInt(80)];
        random.nextBytes(data);
      }
      default -> {
        for (int i = random.nextInt(4); i >= 0 && data.length > 0; i--) {
          int at = random.nextInt(Math.min(data.length, 1 + random.nextInt(data.length)));
          data[at] = (byte) (random.nextBoolean() ? random.nextInt() : data[at] + 1);
        }
      }
    }
    return data;
  }

  /// @param again decodes and encodes
  private void fuzz(List<byte[]> seeds, UnaryOperator<byte[]> again) {
    seeds.forEach(seed -> assertEquals(Bytes.wrap(seed), Bytes.wrap(again.apply(seed))));
    int taken = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] input = mutated(seeds.get(random.nextInt(seeds.size())));
      try {
        assertEquals(Bytes.wrap(input), Bytes.wrap(again.apply(input)));
        taken++;
      } catch (MalformedException e) {
        assertTrue(e.toString().length() > 10);
      }
    }
    assertTrue(taken < ROUNDS, "nothing was refused");
  }

  private List<Transaction> transactions() {
    RecordValue link = new RecordValue.Link(Cid.hash(Cid.RAW, new byte[3]));
    RecordValue inline = new RecordValue.Inline(Bytes.of(1, 2, 3));
    return List.of(
        chain.transfer(0, 0, 1, 5),
        chain.sign(1, 300, 10_000, new Put("name", link, OptionalLong.of(3))),
        chain.sign(1, 300, 10_000, new Put("näme", inline, OptionalLong.empty())),
        chain.sign(2, 300, 10_000, new Delete("name", OptionalLong.empty())));
  }

  @Test
  void transactions_and_bodies() {
    List<byte[]> seeds = transactions().stream().map(t -> t.encoded().toArray()).toList();
    fuzz(
        seeds,
        input -> {
          Transaction t = Transaction.decode(input);
          t.verify(chain.domain());
          return t.encoded().toArray();
        });
    fuzz(
        List.of(
            Body.of(transactions()).encoded().toArray(), Body.of(List.of()).encoded().toArray()),
        input -> Body.of(Body.decode(input).transactions()).encoded().toArray());
  }

  @Test
  void headers() {
    Block genesis = chain.spec().genesis();
    fuzz(
        List.of(genesis.headerBytes().toArray()),
        input -> {
          Header header = Header.decode(input);
          assertEquals(Bytes.wrap(header.fields().encode()), Bytes.wrap(header.signed().copy()));
          return header.encoded().toArray();
        });
  }

  @Test
  void values_of_the_state() {
    fuzz(
        List.of(new Account(5, 6).encode().toArray(), new Account(1L << 40, 0).encode().toArray()),
        input -> Account.decode(Bytes.wrap(input)).encode().toArray());
    Cid cid = Cid.hash(Cid.DAG_CBOR, new byte[3]);
    Address owner = chain.address(0);
    fuzz(
        List.of(
            new RecordEntry(owner, 1, Optional.of(new RecordValue.Link(cid)), cid)
                .encode()
                .toArray(),
            new RecordEntry(owner, 1, Optional.empty(), cid).encode().toArray()),
        input -> RecordEntry.decode(Bytes.wrap(input)).encode().toArray());
    Bytes key = Bytes.wrap(new byte[32]);
    fuzz(
        List.of(new ValidatorEntry(key, owner, 5).encode().toArray()),
        input -> ValidatorEntry.decode(key, Bytes.wrap(input)).encode().toArray());
  }

  @Test
  void proofs_and_undos() {
    SortedMap<StateKey, Bytes> values = new TreeMap<>();
    SortedMap<StateKey, Undo.Previous> previous = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      StateKey key = StateKey.parameter("p" + i);
      values.put(key, Bytes.of(i));
      previous.put(
          key,
          switch (i % 3) {
            case 0 -> Undo.Nothing.NOTHING;
            case 1 -> new Undo.Value(Bytes.of(i));
            default -> new Undo.Version(i);
          });
    }
    StateTree tree = StateTree.of(values);
    List<byte[]> proofs = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      proofs.add(tree.prove(StateKey.parameter("p" + i)).encode().toArray());
    }
    fuzz(proofs, input -> StateProof.decode(input).encode().toArray());
    fuzz(
        List.of(new Undo(previous).encode().toArray()),
        input -> Undo.decode(Bytes.wrap(input)).encode().toArray());
  }

  @Test
  void chain_spec_files() {
    String text = chain.spec().toText();
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      StringBuilder changed = new StringBuilder(text);
      for (int n = random.nextInt(3); n >= 0; n--) {
        int at = random.nextInt(changed.length());
        switch (random.nextInt(3)) {
          case 0 -> changed.setCharAt(at, (char) (32 + random.nextInt(95)));
          case 1 -> changed.delete(at, Math.min(changed.length(), at + random.nextInt(30)));
          default -> changed.insert(at, text, at / 2, Math.min(text.length(), at / 2 + 20));
        }
      }
      try {
        ChainSpec spec = ChainSpec.parse(changed.toString());
        assertEquals(spec, ChainSpec.parse(spec.toText()));
      } catch (ChainSpecException e) {
        refused++;
      }
    }
    assertTrue(refused > 1_000, "refused " + refused);
  }
}
