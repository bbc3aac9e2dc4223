package dev.cairn.cli.files;

import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.block.ByteSize;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn file stat`.
@Command(
    name = "stat",
    mixinStandardHelpOptions = true,
    description = "Show what a CID is and how much of it is here, or what the store holds.")
public final class StatCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "CID[/PATH]",
      description = "A file or folder; the whole store unless given.")
  private String content = "";

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JsonObject stat;
    if (content.isEmpty()) {
      stat = rpc.client().object("file_storeStat", RpcClient.params());
    } else {
      ContentArgument wanted = ContentArgument.parse(content);
      stat =
          rpc.client()
              .object(
                  "file_stat",
                  RpcClient.params()
                      .add("cid", wanted.root().toString())
                      .add("path", wanted.path()),
                  Duration.ofMinutes(5));
    }
    if (output.isJson()) {
      output.json(stat);
      return 0;
    }
    List<String[]> pairs = new ArrayList<>();
    stat.forEach(
        (name, value) -> {
          String text = value.toString().replace("\"", "");
          boolean bytes = name.endsWith("ytes") || name.equals("size");
          pairs.add(
              new String[] {
                name,
                bytes && !text.equals("9223372036854775807")
                    ? text + " (" + ByteSize.shown(Long.parseLong(text)) + ")"
                    : text
              });
        });
    output.pairs(pairs);
    return 0;
  }
}
