package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.bytes;
import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.chainspec.Upgrade;
import dev.cairn.core.consensus.simplex.Certificate;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.consensus.simplex.HeaderTuple;
import dev.cairn.core.consensus.simplex.Message;
import dev.cairn.core.consensus.simplex.Proposal;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.Statement;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.core.consensus.simplex.ValidatorSet;
import dev.cairn.core.consensus.simplex.Vote;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.Slice;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Votes, proposals and certificates of two chains: one validator, and four of unequal stake.
class CertificateVectorTest {

  private static final VectorFile FILE = new VectorFile("certificates.json");
  private static final long EPOCH_BLOCKS = 10;

  /// A chain of validators with these stakes; fork version 1 holds from height 11 on.
  private static final class Chain {
    final ChainSpec spec;
    final SimplexRules rules;
    final ValidatorSet set;

    Chain(long... stakes) {
      List<GenesisValidator> validators = new ArrayList<>();
      for (int i = 0; i < stakes.length; i++) {
        Address account = Address.of(TestChain.key(50 + i).publicKey());
        validators.add(GenesisValidator.of(TestChain.key(200 + i), account, stakes[i]));
      }
      spec =
          new ChainSpec(
              "votes",
              new SimplexParams(10_000, EPOCH_BLOCKS, validators),
              TestChain.GENESIS_TIME,
              List.of(),
              1,
              1_000_000,
              List.of(1, 2, 3),
              List.of(new Upgrade(1, 11)));
      rules = SimplexRules.of(spec);
      set = rules.set(0).orElseThrow();
    }

    Ed25519Key key(int index) {
      for (int i = 0; i < set.size(); i++) {
        Ed25519Key key = TestChain.key(200 + i);
        if (set.indexOf(Bytes.wrap(key.publicKey())) == index) {
          return key;
        }
      }
      throw new AssertionError("no validator " + index);
    }

    Block block(long height) {
      HeaderTuple tuple =
          new HeaderTuple(rules.epochOf(height), set.get(0).account(), set.hash(), set.hash());
      return Block.seal(
          height,
          TestChain.GENESIS_TIME + height,
          Optional.of(spec.genesis().id()),
          Body.of(List.of()),
          Hash.ZERO,
          tuple.encode(),
          (h, fields) ->
              Optional.of(
                  Bytes.wrap(key(0).sign(spec.domainAt(h).message(SigningDomain.BLOCK, fields)))));
    }

    byte[] message(Statement statement) {
      return rules
          .voteDomain(statement.epoch())
          .message(Certificate.VOTE, Slice.of(statement.encode()));
    }

    Vote vote(int voter, Statement statement) {
      return new Vote(statement, voter, Bytes.wrap(key(voter).sign(message(statement))));
    }

    Certificate certificate(Statement statement, int... voters) {
      byte[] signers = new byte[(set.size() + 7) / 8];
      Bytes signatures = Bytes.EMPTY;
      for (int voter : voters) {
        signers[voter / 8] |= (byte) (1 << (voter % 8));
        signatures = Bytes.concatenate(signatures, vote(voter, statement).signature());
      }
      return new Certificate(statement, Bytes.wrap(signers), signatures);
    }
  }

  private final Chain one = new Chain(1_000);
  private final Chain four = new Chain(3, 2, 2, 1);

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(
        object(
            "chains", List.of(chain(one), chain(four)),
            "votes", votes(),
            "proposals", proposals(),
            "certificates", certificates(),
            "malformed", malformed()));
  }

  private static Map<String, Object> chain(Chain chain) {
    List<Object> validators = new ArrayList<>();
    for (int i = 0; i < chain.set.size(); i++) {
      validators.add(
          object(
              "key", hex(chain.set.get(i).key()),
              "account", hex(chain.set.get(i).account().publicKey()),
              "stake", Long.toString(chain.set.stake(i))));
    }
    return object(
        "toml", chain.spec.toText(),
        "chainId", chain.spec.chainId().toString(),
        "epochBlocks", EPOCH_BLOCKS,
        "validators", validators,
        "validatorsHash", chain.set.hash().toString(),
        "quorum", Long.toString(chain.set.quorum()));
  }

  private List<Object> votes() {
    Block first = four.block(1);
    Block second = four.block(11);
    return List.of(
        vote(0, one, one.vote(0, new Finalize(0, 1, one.block(1).id())), true),
        vote(1, four, four.vote(0, new Notarize(0, 1, first.id())), true),
        vote(1, four, four.vote(2, new Skip(0, 300)), true),
        vote(1, four, four.vote(3, new Finalize(1, 70_000, second.id())), true),
        vote(1, four, new Vote(new Skip(0, 2), 1, four.vote(2, new Skip(0, 2)).signature()), false),
        vote(
            1, four, new Vote(new Skip(0, 2), 1, four.vote(1, new Skip(1, 2)).signature()), false));
  }

  private static Object vote(int index, Chain chain, Vote vote, boolean valid) {
    return object(
        "chain", index,
        "statement", hex(vote.statement().encode()),
        "message", hex(chain.message(vote.statement())),
        "voter", vote.voter(),
        "signature", hex(vote.signature()),
        "vote", hex(vote.encode()),
        "valid", valid);
  }

  private List<Object> proposals() {
    Block block = four.block(11);
    List<Object> proposals = new ArrayList<>();
    int leader = 0;
    byte[] content = Proposal.content(1, 1, 0, block.id());
    byte[] message = four.rules.voteDomain(1).message(Proposal.KIND, Slice.of(content));
    Bytes signature = Bytes.wrap(four.key(highest()).sign(message));
    Proposal proposal = new Proposal(1, 1, leader, block.id(), signature);
    proposals.add(
        object(
            "chain",
            1,
            "epoch",
            "1",
            "slot",
            "1",
            "parentSlot",
            "0",
            "block",
            block.id().toString(),
            "leader",
            highest(),
            "message",
            hex(message),
            "proposal",
            hex(proposal.encode())));
    return proposals;
  }

  /// The first slot's leader: the validator with the highest stake.
  private int highest() {
    int best = 0;
    for (int i = 1; i < four.set.size(); i++) {
      best = four.set.stake(i) > four.set.stake(best) ? i : best;
    }
    return best;
  }

  private List<Object> certificates() {
    Block single = one.block(7);
    Block last = four.block(10);
    Block next = four.block(11);
    Finalize good = new Finalize(0, 12, last.id());
    List<Object> all = new ArrayList<>();
    all.add(certificate(0, single, one.certificate(new Finalize(0, 7, single.id()), 0), ""));
    all.add(certificate(1, last, four.certificate(good, 0, 1, 2, 3), ""));
    all.add(certificate(1, last, four.certificate(good, quorum()), ""));
    Finalize other = new Finalize(1, 3, next.id());
    all.add(certificate(1, next, four.certificate(other, 0, 1, 2, 3), ""));
    all.add(certificate(1, last, four.certificate(good, 3), "stake below the quorum"));
    all.add(certificate(1, last, four.certificate(other, 0, 1, 2, 3), "another block"));
    all.add(
        certificate(
            1,
            last,
            four.certificate(new Notarize(0, 12, last.id()), 0, 1, 2, 3),
            "notarized only"));
    all.add(
        certificate(
            1,
            last,
            four.certificate(new Finalize(1, 12, last.id()), 0, 1, 2, 3),
            "an epoch that is not the height's"));
    Certificate whole = four.certificate(good, 0, 1, 2, 3);
    Bytes cut = whole.signatures().slice(0, 192);
    Bytes swapped =
        Bytes.concatenate(
            whole.signatures().slice(64, 64),
            whole.signatures().slice(0, 64),
            whole.signatures().slice(128));
    all.add(certificate(1, last, with(whole, Bytes.of(0x0f), cut), "a signature too few"));
    all.add(
        certificate(
            1,
            last,
            with(whole, Bytes.of(0x0f), Bytes.concatenate(whole.signatures(), cut.slice(128))),
            "a signature too many"));
    all.add(certificate(1, last, with(whole, Bytes.of(0x0f), swapped), "signatures out of order"));
    all.add(
        certificate(
            1, last, with(whole, Bytes.of(0x0f, 0), whole.signatures()), "signers too long"));
    all.add(
        certificate(
            1,
            last,
            with(whole, Bytes.of(0x1f), Bytes.concatenate(whole.signatures(), cut.slice(0, 64))),
            "a signer outside the set"));
    return all;
  }

  /// As few validators as make a quorum.
  private int[] quorum() {
    List<Integer> chosen = new ArrayList<>();
    for (int left = 0; left < four.set.size(); left++) {
      if (four.set.totalStake() - four.set.stake(left) >= four.set.quorum()) {
        for (int i = 0; i < four.set.size(); i++) {
          if (i != left) {
            chosen.add(i);
          }
        }
        break;
      }
    }
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Certificate with(Certificate certificate, Bytes signers, Bytes signatures) {
    return new Certificate(certificate.statement(), signers, signatures);
  }

  private static Object certificate(int chain, Block block, Certificate certificate, String fault) {
    return object(
        "chain", chain,
        "header", hex(block.headerBytes()),
        "block", block.id().toString(),
        "certificate", hex(certificate.encode()),
        "valid", fault.isEmpty(),
        "why", fault);
  }

  private List<Object> malformed() {
    byte[] vote = four.vote(0, new Skip(0, 1)).encode();
    byte[] zero = vote.clone();
    zero[4] = 0;
    byte[] kind = vote.clone();
    kind[2] = 3;
    byte[] block = vote.clone();
    block[2] = 0;
    byte[] after = Bytes.concatenate(Bytes.wrap(vote), Bytes.of(0)).toArray();
    Certificate good = four.certificate(new Skip(0, 1), 0, 1, 2, 3);
    byte[] odd =
        new Certificate(good.statement(), good.signers(), good.signatures().slice(1)).encode();
    return List.of(
        object("bytes", hex(zero), "why", "slot 0"),
        object("bytes", hex(kind), "why", "an unknown kind of statement"),
        object("bytes", hex(block), "why", "a notarize vote without a block"),
        object("bytes", hex(after), "why", "a byte after the vote"),
        object("bytes", hex(odd), "why", "signatures of a length that 64 does not divide"));
  }

  @Test
  void the_vectors_hold() {
    List<JsonObject> chains = FILE.list("chains");
    List<SimplexRules> rules = new ArrayList<>();
    for (JsonObject chain : chains) {
      SimplexRules of = SimplexRules.of(ChainSpec.parse(chain.getString("toml")));
      ValidatorSet set = of.set(0).orElseThrow();
      assertEquals(chain.getString("validatorsHash"), set.hash().toString());
      assertEquals(chain.getString("quorum"), Long.toString(set.quorum()));
      rules.add(of);
    }
    for (JsonObject vector : FILE.list("votes")) {
      Vote vote = (Vote) Message.decode(bytes(vector, "vote"));
      assertArrayEquals(bytes(vector, "statement"), vote.statement().encode());
      ValidatorSet set = rules.get(vector.getInt("chain")).set(0).orElseThrow();
      byte[] key = set.get(vote.voter()).key().toArray();
      assertEquals(
          vector.getBoolean("valid"),
          Ed25519.verify(key, bytes(vector, "message"), vote.signature().toArray()));
    }
    for (JsonObject vector : FILE.list("proposals")) {
      Proposal proposal = (Proposal) Message.decode(bytes(vector, "proposal"));
      assertEquals(vector.getString("block"), proposal.block().toString());
      ValidatorSet set = rules.get(vector.getInt("chain")).set(1).orElseThrow();
      byte[] key = set.get(vector.getInt("leader")).key().toArray();
      assertTrue(Ed25519.verify(key, bytes(vector, "message"), proposal.signature().toArray()));
    }
    int good = 0;
    for (JsonObject vector : FILE.list("certificates")) {
      CertificateVerifier verifier = new CertificateVerifier(rules.get(vector.getInt("chain")));
      Header header = Header.decode(bytes(vector, "header"));
      assertEquals(vector.getString("block"), header.id().toString());
      Bytes certificate = Bytes.wrap(bytes(vector, "certificate"));
      assertEquals(
          vector.getBoolean("valid"),
          verifier.verify(header, certificate).accepted(),
          vector.getString("why"));
      good += vector.getBoolean("valid") ? 1 : 0;
    }
    assertEquals(4, good);
    for (JsonObject vector : FILE.list("malformed")) {
      assertThrows(
          MalformedException.class,
          () -> Message.decode(bytes(vector, "bytes")),
          vector.getString("why"));
    }
  }
}
