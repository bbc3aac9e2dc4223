package dev.cairn.cli;

import jakarta.json.JsonStructure;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Standard output of a command: words for a person, or one line of JSON with `--json`.
public final class Output {

  @Option(names = "--json", description = "Print one line of JSON on standard output.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  public boolean isJson() {
    return json;
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }

  public void json(JsonStructure value) {
    out().println(value);
    out().flush();
  }

  public void line(String text) {
    out().println(text);
    out().flush();
  }

  /// Prints `name value` pairs in two columns.
  public void pairs(List<String[]> pairs) {
    int width = pairs.stream().mapToInt(p -> p[0].length()).max().orElse(0);
    for (String[] pair : pairs) {
      line(pair[0] + " ".repeat(width - pair[0].length() + 2) + pair[1]);
    }
  }

  /// Something for the person only, on standard error, so that a program's input stays clean.
  public void note(String text) {
    PrintWriter err = command.commandLine().getErr();
    err.println(text);
    err.flush();
  }
}
