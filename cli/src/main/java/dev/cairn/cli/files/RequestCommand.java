package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.UnixFs;
import dev.cairn.multiformats.Cid;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn request`.
@Command(
    name = "request",
    mixinStandardHelpOptions = true,
    description = "Ask a peer, and nobody else, for what it publishes under a name.",
    footer = {
      "",
      "Examples:  cairn request 12D3Koo... status",
      "           cairn request 12D3Koo... photos -o photos"
    })
public final class RequestCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "PEER", description = "Who is asked: a peer id.")
  private String peer = "";

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "What for; every node answers 'status'.")
  private String name = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "Write the file, folder or value there.")
  private String target = "";

  @Mixin private Fetching fetching = new Fetching();
  @Mixin private Saving saving = new Saving();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    if (!target.isEmpty()) {
      saving.requireFree(Path.of(target));
    }
    RpcClient node = rpc.client();
    JsonObject answer =
        node.object("file_request", RpcClient.params().add("peer", peer).add("name", name));
    switch (answer.getString("kind")) {
      case "file" -> file(node, answer);
      case "value" -> value(answer);
      default -> {
        if (output.isJson()) {
          output.json(answer);
        } else {
          JsonObject record = answer.getJsonObject("record");
          output.line(
              Names.text(
                  record.getString(
                      "link", record.getString("text", record.getString("value", "deleted")))));
        }
      }
    }
    return Exit.DONE.code();
  }

  private void file(RpcClient node, JsonObject answer) {
    Cid cid = Cid.parse(answer.getString("cid"));
    if (target.isEmpty()) {
      if (output.isJson()) {
        output.json(answer);
      } else {
        output.line(cid.toString());
      }
      return;
    }
    JsonObject report = fetching.fetch(node, cid, name, false, List.of(peer), true, output);
    Entry entry = new ContentArgument(cid, "").resolve(new UnixFs(new NodeHttp(node)));
    saving.save(node, cid, entry.size(), Path.of(target), output);
    if (output.isJson()) {
      output.json(report);
    } else {
      Fetching.report(report, output);
      output.line(target);
    }
  }

  private void value(JsonObject answer) {
    if (!target.isEmpty()) {
      try {
        byte[] value = Base64.getDecoder().decode(answer.getString("value"));
        saving.writeFile(Path.of(target), out -> out.write(value));
      } catch (IOException e) {
        throw CliException.failed("cannot write " + target + ": " + e.getMessage());
      }
    }
    if (output.isJson()) {
      output.json(answer);
    } else if (target.isEmpty()) {
      output.line(Names.text(answer.getString("text", answer.getString("value"))));
    }
  }
}
