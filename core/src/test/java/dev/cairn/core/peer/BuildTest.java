package dev.cairn.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.core.Address;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// What an engine is answered when it wants a block.
class BuildTest {

  /// Asks for a block upon a parent that the ledger does not have (any more).
  private static final class LateEngine implements Engine {
    private final List<EngineInput> inputs = new ArrayList<>();

    @Override
    public void step(EngineInput input, Now now, Consumer<? super EngineEffect> out) {
      inputs.add(input);
      if (input instanceof EngineInput.Started) {
        Cid gone = Cid.hash(Cid.DAG_CBOR, new byte[] {1});
        Address account = Address.of(new byte[32]);
        out.accept(
            new EngineEffect.Build(
                3, gone, now.wallMillis(), Bytes.EMPTY, account, Sealer.NONE, true));
      }
    }

    @Override
    public void tick(Now now, Consumer<? super EngineEffect> out) {}

    @Override
    public long deadlineNanos() {
      return Long.MAX_VALUE;
    }

    @Override
    public Optional<Block> block(Cid id) {
      return Optional.empty();
    }
  }

  @Test
  void a_parent_that_has_left_the_ledger_gives_nothing_to_build() {
    TestChain chain = new TestChain(1);
    LateEngine engine = new LateEngine();
    TestPeer.with(chain, engine, CertificateVerifier.of(chain.spec()));
    assertEquals(new EngineInput.NothingToBuild(3), engine.inputs.getLast());
  }
}
