package dev.cairn.cli.simulate;

import picocli.CommandLine.Command;

/// `cairn simulate`.
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Try to break the chain's own machines under virtual time.",
    subcommands = {ConsensusCommand.class, DhtCommand.class})
public final class SimulateCommand {}
