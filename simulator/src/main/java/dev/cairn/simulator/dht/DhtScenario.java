package dev.cairn.simulator.dht;

/// A network of DHT nodes to be simulated.
///
/// @param nodes honest nodes that are up at any time
/// @param churnPerMille of those, how many leave every minute (their memory with them), while as
///   many that were away come back
/// @param lossPerMille requests and answers that are lost
/// @param natPerMille of the nodes, how many cannot be dialled; half of them know it and are
///   clients, the others think that they serve
/// @param lookups look-ups of each kind (peer, value, provider) that are measured
/// @param attackers ids of an attacker, all in four IPv4 /24s
/// @param diversity whether tables and look-ups limit the peers of one network
public record DhtScenario(
    int nodes,
    int churnPerMille,
    int lossPerMille,
    int natPerMille,
    int lookups,
    int attackers,
    boolean diversity,
    long seed) {

  public static final int NODES_MIN = 20;
  public static final int NODES_MAX = 50_000;
  public static final int ATTACKERS_MAX = 50_000;
  public static final int LOOKUPS_MAX = 100_000;

  public DhtScenario {
    if (nodes < NODES_MIN || nodes > NODES_MAX || attackers < 0 || attackers > ATTACKERS_MAX) {
      throw new IllegalArgumentException(
          NODES_MIN
              + " to "
              + NODES_MAX
              + " nodes and at most "
              + ATTACKERS_MAX
              + " attackers can be simulated");
    }
    if (lookups < 1 || lookups > LOOKUPS_MAX) {
      throw new IllegalArgumentException("1 to " + LOOKUPS_MAX + " look-ups can be measured");
    }
    if (bad(churnPerMille) || bad(lossPerMille) || bad(natPerMille)) {
      throw new IllegalArgumentException("churn, loss and NAT are shares below one half");
    }
  }

  private static boolean bad(int perMille) {
    return perMille < 0 || perMille >= 500;
  }
}
