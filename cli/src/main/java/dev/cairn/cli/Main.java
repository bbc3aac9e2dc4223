package dev.cairn.cli;

import dev.cairn.cli.chain.AccountCommand;
import dev.cairn.cli.chain.BlockCommand;
import dev.cairn.cli.chain.ConsensusCommand;
import dev.cairn.cli.chain.DeleteCommand;
import dev.cairn.cli.chain.GetCommand;
import dev.cairn.cli.chain.PeersCommand;
import dev.cairn.cli.chain.PutCommand;
import dev.cairn.cli.chain.SendCommand;
import dev.cairn.cli.chain.StakeCommand;
import dev.cairn.cli.chain.StatusCommand;
import dev.cairn.cli.chain.TxCommand;
import dev.cairn.cli.chain.UnstakeCommand;
import dev.cairn.cli.chain.ValidatorsCommand;
import dev.cairn.cli.files.FileCommand;
import dev.cairn.cli.files.RequestCommand;
import dev.cairn.cli.keys.KeysCommand;
import dev.cairn.cli.net.DhtCommand;
import dev.cairn.cli.net.NetCommand;
import dev.cairn.cli.node.ConfigCommand;
import dev.cairn.cli.node.InitCommand;
import dev.cairn.cli.node.RunCommand;
import dev.cairn.cli.node.VotesCommand;
import dev.cairn.cli.node.WarmUpCommand;
import dev.cairn.cli.simulate.SimulateCommand;
import dev.cairn.cli.testnet.TestnetCommand;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.node.NodeException;
import dev.cairn.node.Version;
import dev.cairn.node.config.ConfigException;
import dev.cairn.node.keys.KeystoreException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The `cairn` command.
@Command(
    name = "cairn",
    description = "A libp2p blockchain peer: run a node or a whole network, and use it.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.PrintedVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Start with:  cairn testnet            four nodes on this machine, one chain",
      "             cairn run --dev          one node with a chain of its own",
      "",
      "Exit codes:  0 done   1 failed here   2 wrong usage   3 refused by the chain's rules",
      "             4 no node answers   5 not found   6 timed out   70 a bug"
    })
public final class Main {

  private static final Map<String, Class<?>> COMMANDS = commands();

  private Main() {}

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("testnet", TestnetCommand.class);
    commands.put("init", InitCommand.class);
    commands.put("run", RunCommand.class);
    commands.put("config", ConfigCommand.class);
    commands.put("keys", KeysCommand.class);
    commands.put("votes", VotesCommand.class);
    commands.put("send", SendCommand.class);
    commands.put("put", PutCommand.class);
    commands.put("delete", DeleteCommand.class);
    commands.put("get", GetCommand.class);
    commands.put("file", FileCommand.class);
    commands.put("request", RequestCommand.class);
    commands.put("account", AccountCommand.class);
    commands.put("tx", TxCommand.class);
    commands.put("block", BlockCommand.class);
    commands.put("status", StatusCommand.class);
    commands.put("peers", PeersCommand.class);
    commands.put("net", NetCommand.class);
    commands.put("dht", DhtCommand.class);
    commands.put("simulate", SimulateCommand.class);
    commands.put("validators", ValidatorsCommand.class);
    commands.put("stake", StakeCommand.class);
    commands.put("unstake", UnstakeCommand.class);
    commands.put("consensus", ConsensusCommand.class);
    commands.put("warm-up", WarmUpCommand.class);
    commands.put("generate-completion", AutoComplete.GenerateCompletion.class);
    return commands;
  }

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /// Runs one command and returns its exit code.
  public static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    addCommands(line, args);
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Main::wrongUsage);
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
    return line.execute(args);
  }

  /// Adds the command that is named first, or all of them: reading the options of one class takes a
  /// few milliseconds, and `cairn status` should not wait for those of fifteen others.
  private static void addCommands(CommandLine line, String... args) {
    Class<?> named = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (named != null && named != AutoComplete.GenerateCompletion.class) {
      line.addSubcommand(args[0], named);
    } else {
      COMMANDS.forEach(line::addSubcommand);
    }
  }

  private static int wrongUsage(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("cairn: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return Exit.USAGE.code();
  }

  private static int failed(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    return switch (e) {
      case CliException c -> {
        err.println("cairn: " + c.getMessage());
        yield c.exit().code();
      }
      case ConfigException c -> {
        err.println("cairn: " + c.getMessage());
        yield Exit.USAGE.code();
      }
      case NodeException n -> {
        err.println("cairn: " + n.getMessage());
        yield Exit.FAILED.code();
      }
      case KeystoreException k -> {
        err.println("cairn: " + k.getMessage());
        yield Exit.FAILED.code();
      }
      case MalformedException m -> {
        err.println("cairn: " + m.getMessage());
        yield Exit.USAGE.code();
      }
      default -> {
        err.println("cairn: this is a bug, please report it with what follows");
        e.printStackTrace(err);
        yield Exit.BUG.code();
      }
    };
  }

  /// What `cairn --version` prints.
  static final class PrintedVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"cairn " + Version.CURRENT};
    }
  }
}
