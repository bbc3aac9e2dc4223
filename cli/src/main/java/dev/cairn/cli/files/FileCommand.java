package dev.cairn.cli.files;

import picocli.CommandLine.Command;

/// `cairn file`.
@Command(
    name = "file",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Add, find, fetch and send files and folders.",
    subcommands = {
      AddCommand.class,
      GetFileCommand.class,
      CatCommand.class,
      ListCommand.class,
      StatCommand.class,
      PinsCommand.class,
      PinCommand.class,
      UnpinCommand.class,
      RemoveCommand.class,
      CollectCommand.class,
      VerifyCommand.class,
      ProvidersCommand.class,
      DownloadsCommand.class,
      SendFileCommand.class,
      InboxCommand.class,
      OutboxCommand.class,
      PublishCommand.class,
      ImportCommand.class,
      ExportCommand.class
    },
    footer = {
      "",
      "Examples:  cairn file add photos",
      "           cairn file get bafybei... -o photos",
      "           tar c . | cairn file add - --name backup.tar",
      "           cairn file send photos 12D3Koo..."
    })
public final class FileCommand {}
