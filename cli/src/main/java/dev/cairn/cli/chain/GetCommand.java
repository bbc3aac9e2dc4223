package dev.cairn.cli.chain;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.cli.Signer;
import dev.cairn.cli.files.Fetching;
import dev.cairn.cli.files.Saving;
import dev.cairn.cli.light.Verification;
import dev.cairn.cli.light.VerifiedNode;
import dev.cairn.cli.light.VerifiedNode.Proven;
import dev.cairn.core.Address;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.api.ChainJson;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
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
    footer = {
      "",
      "Examples:  cairn get greeting --owner cairn1...",
      "           cairn get photos --owner cairn1... -o photos",
      "           cairn get greeting --owner cairn1... --verify --chain chain.toml --rpc URL"
    })
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
      description =
          "Write the value there; of a link, fetch the file or folder from all who have" + " it.")
  private Path file = Path.of("");

  @Mixin private Fetching fetching = new Fetching();
  @Mixin private Saving saving = new Saving();

  @Mixin private Signer signer = new Signer();
  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Verification verification = new Verification();
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
    JsonObject record = verification.wanted() ? verified(address) : told(address);
    if (record.getBoolean("deleted")) {
      if (output.isJson()) {
        output.json(record);
      }
      throw new CliException(
          Exit.NOT_FOUND,
          "the record '" + name + "' was deleted in version " + record.getInt("version"));
    }
    if (!file.toString().isEmpty() && record.containsKey("link")) {
      fetch(record);
      return Exit.DONE.code();
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

  private JsonObject told(Address address) {
    var params = RpcClient.params().add("owner", address.toString()).add("name", name);
    if (version > 0) {
      params.add("version", version);
    }
    return rpc.client().object("record_get", params);
  }

  private JsonObject verified(Address address) {
    VerifiedNode node = verification.over(rpc.client());
    Proven<Optional<RecordEntry>> latest = node.record(address, RecordEntry.checkName(name));
    long last = latest.value().map(RecordEntry::version).orElse(0L);
    if (last == 0 || version > last) {
      output.note(latest.note());
      throw new CliException(
          Exit.NOT_FOUND,
          version > last && last > 0
              ? "the record '" + name + "' has no version above " + last
              : "there is no record '" + name + "' of " + address);
    }
    boolean earlier = version > 0 && version < last;
    RecordEntry entry =
        earlier ? node.version(address, name, version).value() : latest.value().orElseThrow();
    if (!output.isJson()) {
      output.note(latest.note());
    }
    return ChainJson.record(name, entry).add("verified", latest.json()).build();
  }

  private static String shown(JsonObject record) {
    if (record.containsKey("link")) {
      return record.getString("link");
    }
    return record.containsKey("text")
        ? record.getString("text")
        : Hex.encode(Base64.getDecoder().decode(record.getString("value")));
  }

  /// The record says what the content is; who gives it is nobody's word but its hash.
  private void fetch(JsonObject record) {
    saving.requireFree(file);
    Cid cid = Cid.parse(record.getString("link"));
    RpcClient node = rpc.client();
    JsonObject report = fetching.fetch(node, cid, name, false, output);
    long bytes = saving.save(node, cid, 0, file, output).bytes();
    if (output.isJson()) {
      output.json(
          Json.createObjectBuilder(record)
              .add("size", bytes)
              .add("path", file.toString())
              .add("fetch", report)
              .build());
    } else {
      Fetching.report(report, output);
      output.line(file + "  " + bytes + " bytes, version " + record.getInt("version"));
    }
  }

  private void save(JsonObject record) {
    Saving.replace(file, Base64.getDecoder().decode(record.getString("value")));
  }
}
