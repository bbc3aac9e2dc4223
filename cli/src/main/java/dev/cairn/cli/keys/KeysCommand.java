package dev.cairn.cli.keys;

import picocli.CommandLine.Command;

/// `cairn keys`.
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Make and keep encrypted keys; they lie in CAIRN_HOME/keys (~/.cairn/keys).",
    subcommands = {
      NewKeyCommand.class,
      ListKeysCommand.class,
      ShowKeyCommand.class,
      ImportKeyCommand.class,
      ExportKeyCommand.class
    })
public final class KeysCommand {}
