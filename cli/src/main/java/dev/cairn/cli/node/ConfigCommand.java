package dev.cairn.cli.node;

import dev.cairn.cli.Output;
import dev.cairn.node.NodeFolder;
import dev.cairn.node.config.NodeConfig;
import dev.cairn.node.config.Setting;
import dev.cairn.node.config.Settings;
import jakarta.json.Json;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn config`.
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = {
      "Show each setting of a node, its value and where that comes from.",
      "A flag stands above the environment (CAIRN_ and the name in capitals), that above",
      "config.toml in the node's folder, that above the default."
    })
public final class ConfigCommand implements Callable<Integer> {

  @Mixin private DataOption data = new DataOption();
  @Mixin private SettingOptions options = new SettingOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    NodeFolder folder = data.folder();
    Settings settings = options.read(folder);
    NodeConfig.of(folder.path(), settings);
    if (output.isJson()) {
      var json = Json.createObjectBuilder();
      for (Setting setting : Setting.values()) {
        Settings.Value value = settings.value(setting);
        json.add(
            setting.key(),
            Json.createObjectBuilder()
                .add("value", value.text())
                .add("source", value.source().name().toLowerCase(Locale.ROOT))
                .add("origin", value.origin()));
      }
      output.json(json.build());
      return 0;
    }
    output.line("# " + folder.config());
    for (Setting setting : Setting.values()) {
      Settings.Value value = settings.value(setting);
      String shown =
          "%-24s = %-22s  # %s".formatted(setting.key(), '"' + value.text() + '"', value.origin());
      output.line(shown + "; " + setting.help());
    }
    return 0;
  }
}
