package dev.cairn.core.sync;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Header;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.ledger.Draft;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// A chain of final blocks, whose certificates are only a word and the block's link: good enough
/// for whoever is given the verifier that goes with it.
public final class MadeChain {

  /// Accepts [#certificate] and nothing else.
  public static final SealVerifier SEALS =
      new SealVerifier() {
        @Override
        public Verdict verify(Header header, Bytes certificate) {
          return certificate.equals(MadeChain.certificate(header.id()))
              ? Verdict.accept()
              : Verdict.reject("forged certificate");
        }

        @Override
        public Address feeReceiver(Header header) {
          return Address.of(TestChain.key(201).publicKey());
        }
      };

  private final TestChain chain;
  private final MemoryChainStore store = new MemoryChainStore();
  private final Ledger ledger;
  private final List<BlockMessage> blocks = new ArrayList<>();

  public MadeChain(TestChain chain) {
    this.chain = chain;
    this.ledger =
        new Ledger(chain.spec(), store, LedgerParams.defaults(), new VerifiedSignatures());
  }

  /// A chain with so many blocks that hold nothing.
  static MadeChain ofLength(int length) {
    MadeChain made = new MadeChain(new TestChain(2));
    for (int i = 0; i < length; i++) {
      made.add(List.of());
    }
    return made;
  }

  public static Bytes certificate(Cid block) {
    return Bytes.wrap(new CborWriter().array(2).text("final").link(block).toBytes());
  }

  /// The tuple that the header of a test's block has.
  public static Bytes consensus() {
    CborWriter writer = new CborWriter().array(4).uint(0).bytes(new byte[Address.BYTES]);
    return Bytes.wrap(writer.bytes(new byte[Hash.BYTES]).bytes(new byte[Hash.BYTES]).toBytes());
  }

  /// Makes a block of what fits and commits it.
  public BlockMessage add(List<Transaction> transactions) {
    Draft draft =
        new Draft(
            ledger.finalState().block(),
            ledger.finalState().time() + 1_000,
            consensus(),
            chain.proposer(),
            transactions);
    Block block = ledger.assemble(draft, Sealer.NONE).block();
    BlockMessage message = new BlockMessage(block, certificate(block.id()));
    ledger.finalize(block.id(), message.seal());
    blocks.add(message);
    return message;
  }

  /// The block of a height, from 1.
  public BlockMessage at(long height) {
    return blocks.get((int) height - 1);
  }

  public List<BlockMessage> range(RangeRequest range) {
    int end = (int) Math.min(range.last(), blocks.size());
    return range.from() > end ? List.of() : blocks.subList((int) range.from() - 1, end);
  }

  public int height() {
    return blocks.size();
  }

  public Cid genesis() {
    return store.blockAt(0).orElseThrow();
  }

  public MemoryChainStore store() {
    return store;
  }

  public TestChain chain() {
    return chain;
  }
}
