package dev.cairn.simulator;

import dev.cairn.core.block.Block;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.peer.Question;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.BlockRequest;
import dev.cairn.core.sync.BlocksRequest;
import dev.cairn.core.sync.RangeServer;
import dev.cairn.core.sync.Status;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The two request protocols of a node: status and blocks, in the encodings of the real network.
///
/// Owner: its [SimNode].
final class Streams {

  private final World world;
  private final int self;
  private final SimNode node;

  Streams(World world, int self, SimNode node) {
    this.world = world;
    this.self = self;
    this.node = node;
  }

  void requestStatus(int peer) {
    byte[] own = status(node);
    world.stream(
        self,
        peer,
        other -> {
          byte[] answer = status(other);
          world.stream(peer, self, back -> heard(back, peer, answer));
          heard(other, self, own);
        });
  }

  private static byte[] status(SimNode of) {
    byte[] truth = of.view().status().encode();
    Liar liar = of.liar();
    return liar == null ? truth : liar.status(truth);
  }

  private static void heard(SimNode by, int from, byte[] status) {
    by.take(new PeerInput.PeerStatus(SimNode.name(from), Status.decode(status)));
  }

  void requestBlocks(PeerEffect.RequestBlocks effect) {
    int peer = SimNode.indexOf(effect.peer());
    long id = effect.requestId();
    byte[] request = effect.request().encode();
    int life = node.life();
    Runnable lost =
        () -> {
          if (node.up() && node.life() == life) {
            node.take(new PeerInput.SyncFailed(id, effect.peer(), "the connection ended", false));
          }
        };
    world.stream(
        self,
        peer,
        other -> {
          BlocksRequest asked = BlocksRequest.decode(request);
          List<byte[]> truth = serve(other, asked, world.side().spec().engine().certified());
          Liar liar = other.liar();
          Optional<List<byte[]>> said =
              liar == null ? Optional.of(truth) : liar.serves(asked, truth);
          said.ifPresent(
              answer -> world.stream(peer, self, back -> answered(back, effect, answer), lost));
        },
        lost);
  }

  private static List<byte[]> serve(SimNode other, BlocksRequest request, boolean certified) {
    List<byte[]> stored = new RangeServer(other.store(), certified).answer(request);
    if (!stored.isEmpty() || !(request instanceof BlockRequest(Cid block))) {
      return stored;
    }
    List<byte[]> open = new ArrayList<>();
    other.ask(
        new Question.OpenBlock(block),
        answer -> {
          if (answer instanceof Answer.OpenBlock(Optional<Block> found)) {
            found.ifPresent(b -> open.add(new BlockMessage(b, Bytes.EMPTY).encode()));
          }
        });
    return open;
  }

  private static void answered(SimNode back, PeerEffect.RequestBlocks asked, List<byte[]> answer) {
    PeerInput input;
    try {
      input = PeerInput.answer(asked, answer);
    } catch (MalformedException e) {
      input =
          new PeerInput.SyncFailed(
              asked.requestId(), asked.peer(), String.valueOf(e.getMessage()), true);
    }
    back.take(input);
  }
}
