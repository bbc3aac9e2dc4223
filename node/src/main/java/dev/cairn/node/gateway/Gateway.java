package dev.cairn.node.gateway;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.unixfs.UnixFsException;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.node.rpc.RequestBody;
import dev.cairn.node.rpc.Site;
import dev.cairn.storage.StoreException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.tuweni.bytes.Bytes;

/// The gateway of the IPFS specifications (path gateway and trustless gateway), read-only:
/// `/ipfs/CID[/PATH]`, and `/names/OWNER/NAME[/PATH]` for records of the chain that name content.
public final class Gateway implements Site {

  private static final Logger LOG = System.getLogger(Gateway.class.getName());
  private static final String SHORT_LIVED = "no-cache";

  private final GatewayContent content;
  private final Names names;
  private final Semaphore slots;

  public Gateway(GatewayContent content, Names names, GatewayParams params) {
    this.content = content;
    this.names = names;
    this.slots = new Semaphore(params.requestsMax());
  }

  @Override
  public boolean takes(String rawPath) {
    return rawPath.startsWith("/ipfs/") || rawPath.startsWith("/names/");
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    Method method = request.prologue().method();
    if (!method.equals(Method.GET) && !method.equals(Method.HEAD)) {
      response.header("Allow", "GET, HEAD");
      response.status(405).send("the gateway answers GET and HEAD\n");
      if (request.content().hasEntity()) {
        RequestBody.finish(request.content().inputStream());
      }
      return;
    }
    if (!slots.tryAcquire()) {
      response.header("Retry-After", "2");
      response.status(503).send("the gateway has too much to do; come again\n");
      return;
    }
    try {
      answer(request, response);
    } finally {
      slots.release();
    }
  }

  private void answer(ServerRequest request, ServerResponse response) throws IOException {
    Visit visit;
    try {
      visit = new Visit(request, response);
    } catch (GatewayException e) {
      response.status(e.status()).send(e.getMessage() + "\n");
      return;
    }
    boolean network = !visit.onlyIfCached() && !visit.embeddedElsewhere();
    try (GatewayContent.Session session = content.open(network)) {
      route(visit, session);
    } catch (GatewayException e) {
      fail(visit, e.status(), e.getMessage(), e);
    } catch (BlockMissingException e) {
      fail(visit, visit.onlyIfCached() ? 412 : network ? 504 : 404, e.getMessage(), e);
    } catch (UnixFsException e) {
      fail(visit, 404, e.getMessage(), e);
    } catch (MalformedException e) {
      fail(visit, 422, "what the CID names is damaged: " + e.getMessage(), e);
    } catch (StoreException e) {
      LOG.log(Level.WARNING, e.getMessage());
      fail(visit, 500, e.getMessage(), e);
    } catch (IOException e) {
      fail(visit, 504, String.valueOf(e.getMessage()), e);
    }
  }

  /// Says what went wrong, or, where a part of the answer is on its way, ends the connection.
  private static <T extends Exception> void fail(
      Visit visit, int status, @org.jspecify.annotations.Nullable String sentence, T cause)
      throws IOException {
    if (visit.isSent()) {
      throw new IOException("an answer of the gateway was cut off: " + sentence, cause);
    }
    if (status == 503 || status == 504) {
      visit.header("Retry-After", "5");
    }
    visit.cache("no-store");
    visit.text(status, String.valueOf(sentence));
  }

  private void route(Visit visit, GatewayContent.Session session) throws IOException {
    List<String> segments = visit.path().segments();
    refuseBroadServiceWorker(visit);
    if (segments.getFirst().equals("ipfs") && segments.size() > 1) {
      Cid root = cid(segments.get(1));
      new Reply(visit, session, Visit.IMMUTABLE).show(root, visit.path().rest(2));
      return;
    }
    if (segments.getFirst().equals("names") && segments.size() > 2) {
      name(visit, session, segments);
      return;
    }
    throw new GatewayException(404, "paths are /ipfs/CID[/PATH] and /names/OWNER/NAME[/PATH]");
  }

  /// A service worker for a whole namespace would rule over everybody's content (path gateway
  /// specification, "Service-Worker").
  private static void refuseBroadServiceWorker(Visit visit) {
    boolean worker =
        visit.first(HeaderNames.create("Service-Worker")).equals(Optional.of("script"));
    if (worker && visit.path().segments().size() < 3) {
      throw new GatewayException(400, "a service worker needs a path below the root");
    }
  }

  private void name(Visit visit, GatewayContent.Session session, List<String> segments)
      throws IOException {
    long version = version(visit);
    Names.Named named;
    try {
      named =
          names
              .find(segments.get(1), segments.get(2), version)
              .orElseThrow(() -> new GatewayException(404, "there is no such record"));
    } catch (MalformedException | IllegalArgumentException e) {
      throw new GatewayException(400, String.valueOf(e.getMessage()));
    }
    switch (named) {
      case Names.Named.Link(Cid cid, long at) -> {
        visit.header("X-Cairn-Version", Long.toString(at));
        visit.header("X-Cairn-Cid", cid.toString());
        new Reply(visit, session, SHORT_LIVED).show(cid, visit.path().rest(3));
      }
      case Names.Named.Value(Bytes bytes, long at) -> {
        if (segments.size() > 3) {
          throw new GatewayException(404, "the record holds a value, which has no paths in it");
        }
        visit.header("X-Cairn-Version", Long.toString(at));
        Block block = Block.of(Cid.RAW, bytes.toArrayUnsafe());
        new Reply(visit, one(block), SHORT_LIVED).show(block.cid(), List.of());
      }
    }
  }

  private static GatewayContent.Session one(Block block) {
    return new GatewayContent.Session() {
      @Override
      public BlockSource blocks() {
        return cid -> block;
      }

      @Override
      public void close() {
        // It holds nothing.
      }
    };
  }

  private static long version(Visit visit) {
    try {
      long version = visit.query("version").map(Long::parseLong).orElse(0L);
      if (version >= 0) {
        return version;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new GatewayException(400, "a version is a whole number from 1");
  }

  private static Cid cid(String text) {
    try {
      return Cid.parse(text);
    } catch (MalformedException | IllegalArgumentException e) {
      throw new GatewayException(400, "'" + text + "' is no CID: " + e.getMessage());
    }
  }
}
