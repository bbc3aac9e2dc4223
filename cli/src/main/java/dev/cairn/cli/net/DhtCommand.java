package dev.cairn.cli.net;

import picocli.CommandLine.Command;

/// `cairn dht`.
@Command(
    name = "dht",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Find peers and providers in the DHT, and put records of this node there.",
    subcommands = {
      FindPeerCommand.class,
      ProvidersCommand.class,
      DhtGetCommand.class,
      DhtPutCommand.class,
      DhtStatusCommand.class
    })
public final class DhtCommand {}
