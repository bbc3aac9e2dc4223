package dev.cairn.core.light;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cairn.core.Hash;
import dev.cairn.core.block.Header;
import dev.cairn.core.light.Outcome.Proved;
import dev.cairn.core.light.Outcome.Refuted;
import dev.cairn.core.light.Outcome.Undecided;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class LightClientTest {

  private final CertifiedChain chain = new CertifiedChain();

  private static <T> T proved(Outcome<T> outcome) {
    return switch (outcome) {
      case Proved<T>(T value) -> value;
      case Refuted<T>(String reason) -> fail(reason);
      case Undecided<T>(String reason) -> fail(reason);
    };
  }

  private static void refuted(String words, Outcome<?> outcome) {
    Refuted<?> refuted = assertInstanceOf(Refuted.class, outcome);
    assertTrue(refuted.reason().contains(words), refuted.reason());
  }

  private static void undecided(String words, Outcome<?> outcome) {
    Undecided<?> undecided = assertInstanceOf(Undecided.class, outcome);
    assertTrue(undecided.reason().contains(words), undecided.reason());
  }

  /// A client that came from the genesis block to an epoch.
  private LightClient at(long epoch) {
    LightClient client = proved(LightClient.atGenesis(chain.spec()));
    while (client.epoch() < epoch) {
      client = proved(client.advance(chain.end(client.epoch())));
    }
    return client;
  }

  @Test
  void follows_validators_that_change_and_proves_a_block_of_each_epoch() {
    for (int height = 1; height <= CertifiedChain.HEIGHT; height++) {
      LightClient client = at((height - 1) / CertifiedChain.EPOCH_BLOCKS);
      assertEquals(chain.header(height), proved(client.block(chain.finality(height, height))));
      assertEquals(chain.validators(client.epoch()).size(), client.validators().size());
    }
  }

  @Test
  void a_later_certificate_of_the_epoch_proves_the_blocks_below_it() {
    assertEquals(chain.header(7), proved(at(2).block(chain.finality(7, 9))));
    List<Header> gap = List.of(chain.header(7), chain.header(9));
    refuted("do not follow", at(2).block(new FinalityProof(gap, chain.certificate(9))));
  }

  @Test
  void the_genesis_block_needs_no_certificate_and_no_other_block_takes_its_place() {
    FinalityProof genesis = new FinalityProof(List.of(chain.header(0)), Bytes.EMPTY);
    assertEquals(chain.header(0), proved(at(0).block(genesis)));
    LightClient later =
        proved(
            LightClient.atCheckpoint(
                chain.spec(),
                new Checkpoint(7, chain.header(7).id()),
                chain.header(7),
                chain.validators(2)));
    refuted("another genesis", later.block(genesis));
  }

  @Test
  void a_block_of_another_epoch_is_undecided() {
    undecided("epoch 2", at(1).block(chain.finality(8, 8)));
    undecided("epoch 0", at(1).block(chain.finality(2, 2)));
  }

  @Test
  void a_quorum_of_the_wrong_set_proves_nothing() {
    // The validator that left signs with those of its time: a quorum then, none now.
    FinalityProof old =
        new FinalityProof(List.of(chain.header(10)), chain.certificate(10, 1, List.of(0, 1, 2)));
    refuted("quorum", at(3).block(old));
    FinalityProof few =
        new FinalityProof(List.of(chain.header(8)), chain.certificate(8, 2, List.of(0, 3)));
    refuted("quorum", at(2).block(few));
    FinalityProof enough =
        new FinalityProof(List.of(chain.header(8)), chain.certificate(8, 2, List.of(0, 1, 3)));
    assertEquals(chain.header(8), proved(at(2).block(enough)));
  }

  @Test
  void another_blocks_certificate_and_bytes_that_are_none_prove_nothing() {
    List<Header> headers = List.of(chain.header(8));
    refuted("something else", at(2).block(new FinalityProof(headers, chain.certificate(7))));
    refuted("malformed", at(2).block(new FinalityProof(headers, Bytes.of(1, 2, 3))));
    refuted("malformed", at(2).block(new FinalityProof(headers, Bytes.EMPTY)));
  }

  @Test
  void an_epoch_ends_with_its_last_block_and_the_validators_that_it_names() {
    EpochEnd good = chain.end(1);
    List<ValidatorEntry> more = new ArrayList<>(good.next().orElseThrow());
    ValidatorEntry first = more.getFirst();
    more.set(0, new ValidatorEntry(first.key(), first.account(), first.stake() + 1));
    refuted(
        "not those that the header names",
        at(1).advance(new EpochEnd(good.header(), good.certificate(), Optional.of(more))));
    refuted(
        "changed and are not shown",
        at(1).advance(new EpochEnd(good.header(), good.certificate(), Optional.empty())));
    refuted(
        "no set",
        at(1)
            .advance(
                new EpochEnd(good.header(), good.certificate(), Optional.of(more.reversed()))));
    refuted(
        "not the last",
        at(1).advance(new EpochEnd(chain.header(5), chain.certificate(5), good.next())));
    refuted("not the last", at(0).advance(good));
    refuted(
        "quorum",
        at(1)
            .advance(
                new EpochEnd(good.header(), chain.certificate(6, 1, List.of(1, 2)), good.next())));
  }

  @Test
  void a_checkpoint_stands_in_for_the_way_to_it() {
    Checkpoint checkpoint = new Checkpoint(8, chain.header(8).id());
    Outcome<LightClient> begun =
        LightClient.atCheckpoint(chain.spec(), checkpoint, chain.header(8), chain.validators(2));
    LightClient client = proved(begun);
    assertEquals(2, client.epoch());
    FinalityProof bare = new FinalityProof(List.of(chain.header(8)), Bytes.EMPTY);
    assertEquals(chain.header(8), proved(client.block(bare)));
    FinalityProof below = new FinalityProof(List.of(chain.header(7), chain.header(8)), Bytes.EMPTY);
    assertEquals(chain.header(7), proved(client.block(below)));
    assertEquals(chain.header(9), proved(client.block(chain.finality(9, 9))));
    assertEquals(3, proved(client.advance(chain.end(2))).epoch());
    undecided("epoch 1", client.block(chain.finality(6, 6)));
  }

  @Test
  void a_checkpoint_names_its_header_and_its_validators() {
    Checkpoint checkpoint = new Checkpoint(8, chain.header(8).id());
    refuted(
        "not the checkpoint's",
        LightClient.atCheckpoint(chain.spec(), checkpoint, chain.header(9), chain.validators(2)));
    refuted(
        "not the checkpoint's",
        LightClient.atCheckpoint(
            chain.spec(),
            new Checkpoint(9, chain.header(8).id()),
            chain.header(8),
            chain.validators(2)));
    refuted(
        "not those that the header names",
        LightClient.atCheckpoint(chain.spec(), checkpoint, chain.header(8), chain.validators(1)));
  }

  @Test
  void a_block_beside_the_checkpoint_is_refuted_though_a_quorum_signed_it() {
    CertifiedChain fork = new CertifiedChain(1);
    LightClient client =
        proved(
            LightClient.atCheckpoint(
                chain.spec(),
                new Checkpoint(8, chain.header(8).id()),
                chain.header(8),
                chain.validators(2)));
    assertEquals(fork.header(8), proved(at(2).block(fork.finality(8, 8))));
    refuted("another block at the trusted height", client.block(fork.finality(8, 8)));
    refuted("another block at the trusted height", client.block(fork.finality(7, 9)));
  }

  @Test
  void the_state_is_proved_against_the_final_header() {
    LightClient client = at(2);
    FinalityProof finality = chain.finality(8, 8);
    chain
        .state()
        .forEach(
            (key, value) ->
                assertEquals(
                    chain.header(8),
                    proved(
                        client.value(finality, key, Optional.of(value), chain.tree().prove(key)))));
    StateKey absent = StateKey.record(chain.owner(), "nothing");
    StateProof absence = chain.tree().prove(absent);
    assertEquals(
        chain.header(8), proved(client.value(finality, absent, Optional.empty(), absence)));
  }

  @Test
  void a_value_that_the_state_does_not_hold_is_refuted() {
    LightClient client = at(2);
    FinalityProof finality = chain.finality(8, 8);
    StateKey key = StateKey.account(chain.owner());
    StateProof proof = chain.tree().prove(key);
    Optional<Bytes> value = Optional.ofNullable(chain.state().get(key));
    refuted("that value", client.value(finality, key, Optional.of(Bytes.of(1)), proof));
    refuted("that there is none", client.value(finality, key, Optional.empty(), proof));
    StateKey absent = StateKey.record(chain.owner(), "nothing");
    refuted("that value", client.value(finality, absent, value, proof));
    refuted(
        "that there is none",
        client.value(finality, key, Optional.empty(), chain.tree().prove(absent)));
    // A good proof against a header that is not final proves nothing.
    FinalityProof open =
        new FinalityProof(List.of(chain.header(8)), chain.certificate(8, 2, List.of(3)));
    refuted("quorum", client.value(open, key, value, proof));
  }

  @Test
  void transactions_are_proved_against_the_final_header() {
    LightClient client = at(1);
    FinalityProof finality = chain.finality(CertifiedChain.FULL, 6);
    for (int i = 0; i < chain.transactions().size(); i++) {
      var transaction = chain.transactions().get(i);
      assertEquals(
          chain.header(CertifiedChain.FULL),
          proved(client.transaction(finality, transaction, chain.transactionProof(i))));
      refuted(
          "not shown",
          client.transaction(finality, transaction, chain.transactionProof((i + 1) % 5)));
      List<Hash> path = new ArrayList<>(chain.transactionProof(i).path());
      path.set(0, Hash.ZERO);
      refuted(
          "not shown", client.transaction(finality, transaction, new TransactionProof(i, 5, path)));
    }
    refuted(
        "not shown",
        client.transaction(
            chain.finality(4, 4), chain.transactions().getFirst(), chain.transactionProof(0)));
  }

  @Test
  void earlier_versions_are_proved_where_their_transactions_say_what_they_replace() {
    assertEquals(Optional.empty(), proved(version(2, 3)).value());
    assertEquals(1, proved(version(0, 1)).version());
    undecided("does not say", version(1, 2));
    refuted("wrote version 1", version(0, 2));
    refuted("no record", version(3, 4));
    LightClient client = at(1);
    refuted(
        "another record",
        client.version(
            chain.finality(5, 5),
            chain.transactions().getFirst(),
            chain.transactionProof(0),
            chain.owner(),
            "other",
            1));
  }

  private Outcome<dev.cairn.core.state.RecordEntry> version(int transaction, long version) {
    return at(1)
        .version(
            chain.finality(5, 5),
            chain.transactions().get(transaction),
            chain.transactionProof(transaction),
            chain.owner(),
            CertifiedChain.NAME,
            version);
  }

  @Test
  void a_proof_has_at_most_256_headers() {
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < FinalityProof.HEADERS_MAX; i++) {
      headers.add(chain.header(1));
    }
    assertEquals(256, new FinalityProof(headers, Bytes.EMPTY).headers().size());
    headers.add(chain.header(1));
    assertThrows(MalformedException.class, () -> new FinalityProof(headers, Bytes.EMPTY));
    assertThrows(MalformedException.class, () -> new FinalityProof(List.of(), Bytes.EMPTY));
  }

  @Test
  void checkpoints_are_text() {
    String text = "8:" + chain.header(8).id();
    assertEquals(text, Checkpoint.parse(text).toString());
    for (String bad : List.of("", "8", "8:", ":" + chain.header(8).id(), "-" + text, "0" + text)) {
      assertThrows(MalformedException.class, () -> Checkpoint.parse(bad), bad);
    }
  }
}
