package dev.cairn.cli.chain;

import dev.cairn.cli.CliException;
import dev.cairn.cli.files.Adding;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Put;
import dev.cairn.files.unixfs.Imported;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn put`.
@Command(
    name = "put",
    mixinStandardHelpOptions = true,
    description = "Write a record of yours on the chain.",
    footer = {
      "",
      "Examples:  cairn put greeting 'hello, world' --key alice --wait",
      "           cairn put photos --file ~/photos --key alice --wait"
    })
public final class PutCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "1 to 128 bytes of UTF-8.")
  private String name = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "Text to store.")
  private String value = "";

  @Option(names = "--value-file", paramLabel = "FILE", description = "Store the bytes of a file.")
  private Path file = Path.of("");

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description = "Add a file or folder of any size to the node, and store its link.")
  private String content = "";

  @Option(
      names = "--expect",
      paramLabel = "VERSION",
      description = "Refuse unless this is the record's latest version (0: it must not exist).")
  private long expect = -1;

  @Mixin private Adding adding = new Adding();
  @Mixin private Submission submission = new Submission();

  @Override
  public Integer call() {
    if (content.isEmpty()) {
      return submission.submit(new Put(name, new RecordValue.Inline(bytes()), expected(expect)));
    }
    if (!value.isEmpty() || !file.toString().isEmpty()) {
      throw oneOf();
    }
    return submission.submit(
        (sender, node) -> {
          Imported imported = adding.add(node, content, name, submission.output());
          submission.output().note(imported.cid() + "  " + imported.size() + " bytes");
          return new Put(name, new RecordValue.Link(imported.cid()), expected(expect));
        });
  }

  private static CliException oneOf() {
    return CliException.usage("give a VALUE, a --value-file or a --file, one of the three");
  }

  static OptionalLong expected(long version) {
    return version < 0 ? OptionalLong.empty() : OptionalLong.of(version);
  }

  private Bytes bytes() {
    boolean fromFile = !file.toString().isEmpty();
    if (fromFile != value.isEmpty()) {
      throw oneOf();
    }
    if (!fromFile) {
      return Bytes.wrap(value.getBytes(StandardCharsets.UTF_8));
    }
    try {
      long size = Files.size(file);
      if (size > RecordEntry.VALUE_BYTES_MAX) {
        throw CliException.usage(
            "a record's value has at most "
                + RecordEntry.VALUE_BYTES_MAX
                + " bytes; "
                + file
                + " has "
                + size);
      }
      return Bytes.wrap(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw CliException.failed("there is no file " + file);
    } catch (IOException e) {
      throw CliException.failed("cannot read " + file + ": " + e.getMessage());
    }
  }
}
