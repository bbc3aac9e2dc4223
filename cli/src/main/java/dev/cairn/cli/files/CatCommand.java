package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.UnixFs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn file cat`.
@Command(
    name = "cat",
    mixinStandardHelpOptions = true,
    description = "Write a file to standard output, block by block as it comes.")
public final class CatCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "CID[/PATH]", description = "A file.")
  private String content = "";

  @Option(names = "--offset", paramLabel = "BYTES", description = "Begin there.")
  private long offset;

  @Option(names = "--length", paramLabel = "BYTES", description = "At most so much.")
  private long length = Long.MAX_VALUE;

  @Mixin private RpcOption rpc = new RpcOption();

  @Override
  public Integer call() {
    if (offset < 0 || length < 0) {
      throw CliException.usage("--offset and --length take 0 or more");
    }
    RpcClient node = rpc.client();
    Entry entry = ContentArgument.parse(content).resolve(new UnixFs(new NodeHttp(node)));
    if (entry.kind() != Entry.Kind.FILE) {
      throw CliException.usage(content + " is no file; 'cairn file ls' shows a folder");
    }
    long from = Math.min(offset, entry.size());
    Saving.print(node, entry.cid(), from, Math.min(length, entry.size() - from));
    return Exit.DONE.code();
  }
}
