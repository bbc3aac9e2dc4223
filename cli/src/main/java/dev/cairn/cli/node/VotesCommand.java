package dev.cairn.cli.node;

import picocli.CommandLine.Command;

/// `cairn votes`.
@Command(
    name = "votes",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Move what a validator voted for to another machine, while both nodes are stopped.",
      "The old folder is marked and never votes again."
    },
    subcommands = {ExportVotesCommand.class, ImportVotesCommand.class})
public final class VotesCommand {}
