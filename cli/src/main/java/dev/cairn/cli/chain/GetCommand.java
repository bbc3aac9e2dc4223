package dev.cairn.cli.chain;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.cli.Signer;
import dev.cairn.core.Address;
import dev.cairn.multiformats.Hex;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn get`.
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Read a record from the final chain.",
    footer = {"", "Example:  cairn get greeting --owner cairn1..."})
public final class GetCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "NAME", description = "The record's name.")
  private String name = "";

  @Option(
      names = "--owner",
      paramLabel = "ADDRESS",
      description = "Whose record; else that of --key.")
  private String owner = "";

  @Option(names = "--version", paramLabel = "N", description = "An earlier version, from 1.")
  private long version;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the value there.")
  private Path file = Path.of("");

  @Mixin private Signer signer = new Signer();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Address address =
        owner.isEmpty()
            ? signer
                .address()
                .orElseThrow(
                    () ->
                        CliException.usage("say whose record it is: --owner ADDRESS or --key FILE"))
            : Address.parse(owner);
    var params = RpcClient.params().add("owner", address.toString()).add("name", name);
    if (version > 0) {
      params.add("version", version);
    }
    JsonObject record = rpc.client().object("record_get", params);
    if (record.getBoolean("deleted")) {
      if (output.isJson()) {
        output.json(record);
      }
      throw new CliException(
          Exit.NOT_FOUND,
          "the record '" + name + "' was deleted in version " + record.getInt("version"));
    }
    if (!file.toString().isEmpty()) {
      save(record);
    }
    if (output.isJson()) {
      output.json(record);
    } else if (file.toString().isEmpty()) {
      output.line(shown(record));
    }
    return Exit.DONE.code();
  }

  private static String shown(JsonObject record) {
    if (record.containsKey("link")) {
      return record.getString("link");
    }
    return record.containsKey("text")
        ? record.getString("text")
        : Hex.encode(Base64.getDecoder().decode(record.getString("value")));
  }

  private void save(JsonObject record) {
    if (!record.containsKey("value")) {
      throw CliException.failed(
          "the record holds a link and no bytes: " + record.getString("link"));
    }
    try {
      Files.write(file, Base64.getDecoder().decode(record.getString("value")));
    } catch (IOException e) {
      throw CliException.failed("cannot write " + file + ": " + e.getMessage());
    }
  }
}
