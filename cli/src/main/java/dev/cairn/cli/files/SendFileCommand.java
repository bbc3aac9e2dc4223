package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.unixfs.Imported;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file send`.
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = "Offer a file or folder to a peer, and wait until it has it or refuses.")
public final class SendFileCommand implements Callable<Integer> {

  private static final long LOOK_MILLIS = 200;

  @Parameters(
      index = "0",
      paramLabel = "PATH|CID",
      description =
          "A file or folder here, - for standard input, or the CID of one that the node" + " has.")
  private String what = "";

  @Parameters(index = "1", paramLabel = "PEER", description = "Who shall get it: a peer id.")
  private String peer = "";

  @Option(names = "--name", paramLabel = "NAME", description = "What it is called there.")
  private String name = "";

  @Option(names = "--no-wait", description = "Return at once; the node goes on.")
  private boolean noWait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Wait at most so long; the node goes on (default: for ever).")
  private long timeoutSeconds;

  @Mixin private Adding adding = new Adding();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    RpcClient node = rpc.client();
    boolean standardInput = what.equals(Adding.STANDARD_INPUT);
    if (standardInput && name.isEmpty()) {
      throw CliException.usage("standard input has no name; give one with --name");
    }
    String cid = what;
    String called = name;
    if (standardInput || Files.exists(Path.of(what))) {
      called = name.isEmpty() ? AddCommand.nameOf(what) : name;
      Imported imported = adding.add(node, what, called, output);
      cid = imported.cid().toString();
    } else {
      cid = ContentArgument.parse(what).root().toString();
      called = name.isEmpty() ? cid : name;
    }
    JsonObject offer =
        node.object(
            "file_send", RpcClient.params().add("cid", cid).add("peer", peer).add("name", called));
    return noWait ? print(offer) : await(node, offer);
  }

  private int await(RpcClient node, JsonObject first) {
    JsonObject offer = first;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Math.max(0, timeoutSeconds));
    String said = "";
    try (Meter meter = new Meter("sending " + first.getString("name"), output.isJson())) {
      while (open(offer)) {
        if (timeoutSeconds > 0 && System.nanoTime() - deadline > 0) {
          print(offer);
          throw new CliException(
              Exit.TIMED_OUT, "not over after " + timeoutSeconds + " s; the node goes on");
        }
        if (offer.getString("state").equals("accepted")) {
          meter.show(Fetching.number(offer, "bytes"), Fetching.number(offer, "size"), 0);
        } else {
          said = say(offer, said);
        }
        Thread.sleep(LOOK_MILLIS);
        offer = find(node, first.getString("id"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.failed("interrupted");
    }
    return print(offer);
  }

  private String say(JsonObject offer, String said) {
    String now =
        offer.getBoolean("told")
            ? "the receiver decides by hand; waiting"
            : "the receiver is not reached yet; waiting";
    if (!now.equals(said) && !output.isJson()) {
      output.note(now);
    }
    return now;
  }

  private static boolean open(JsonObject offer) {
    String state = offer.getString("state");
    return state.equals("waiting") || state.equals("accepted");
  }

  private static JsonObject find(RpcClient node, String id) {
    return node
        .object("file_outbox", RpcClient.params())
        .getJsonArray("offers")
        .getValuesAs(JsonObject.class)
        .stream()
        .filter(o -> o.getString("id").equals(id))
        .findFirst()
        .orElseThrow(() -> new CliException(Exit.NOT_FOUND, "the node has forgotten the offer"));
  }

  private int print(JsonObject offer) {
    if (output.isJson()) {
      output.json(offer);
    }
    String state = offer.getString("state");
    return switch (state) {
      case "refused" ->
          throw new CliException(Exit.REFUSED, "refused: " + offer.getString("reason"));
      case "failed", "withdrawn" ->
          throw CliException.failed(state + ": " + offer.getString("reason"));
      default -> {
        if (!output.isJson()) {
          output.line(offer.getString("id") + "  " + state + "  " + offer.getString("name"));
        }
        yield Exit.DONE.code();
      }
    };
  }
}
