package dev.cairn.node;

import dev.cairn.core.peer.ChainView;
import dev.cairn.libp2p.gossipsub.GossipCount;
import dev.cairn.libp2p.gossipsub.GossipMetrics;
import dev.cairn.libp2p.host.HostMetrics;
import dev.cairn.libp2p.kad.KadMetrics;
import dev.cairn.node.chain.ChainPeer;
import dev.cairn.node.discovery.DiscoveryMetrics;
import dev.cairn.node.discovery.DiscoveryView;
import dev.cairn.node.metrics.PrometheusText;
import dev.cairn.node.rpc.JsonRpc;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What `/metrics` shows.
final class NodeMetrics {

  private NodeMetrics() {}

  static String text(
      ChainPeer peer,
      HostMetrics host,
      NodeDiscovery discovery,
      GossipMetrics gossip,
      JsonRpc rpc) {
    PrometheusText text = new PrometheusText();
    text.info("cairn_build_info", "The program's version.", Map.of("version", Version.CURRENT));
    chain(text, peer);
    network(text, host, discovery.peers().view().peers().size());
    discovery(text, discovery.peers().metrics());
    discovery.dht().ifPresent(d -> dht(text, d.kad().metrics()));
    Map<String, Long> counts = new TreeMap<>();
    for (GossipCount count : GossipCount.values()) {
      counts.put(count.name().toLowerCase(Locale.ROOT), gossip.get(count));
    }
    text.counters("cairn_gossip_total", "What gossipsub did.", "event", counts);
    text.counter("cairn_rpc_calls_total", "JSON-RPC calls.", rpc.calls());
    text.counter("cairn_rpc_errors_total", "JSON-RPC calls answered with an error.", rpc.errors());
    Runtime runtime = Runtime.getRuntime();
    text.gauge(
        "cairn_heap_used_bytes", "Java heap in use.", runtime.totalMemory() - runtime.freeMemory());
    return text.toString();
  }

  private static void dht(PrometheusText text, KadMetrics kad) {
    text.gauge("cairn_dht_peers", "Peers in the DHT's routing table.", kad.peers())
        .gauge("cairn_dht_provided", "Keys that this node provides.", kad.provided())
        .gauge("cairn_dht_provider_records", "Kept for others.", kad.providerRecords())
        .gauge("cairn_dht_value_records", "Kept.", kad.valueRecords())
        .gauge("cairn_dht_lookups", "Look-ups that run or wait.", kad.lookups());
    Map<String, Long> counts = new TreeMap<>();
    kad.counts().forEach((c, n) -> counts.put(c.name().toLowerCase(Locale.ROOT), n));
    text.counters("cairn_dht_total", "What the DHT did.", "event", counts);
  }

  private static void discovery(PrometheusText text, DiscoveryMetrics counts) {
    DiscoveryView view = counts.view();
    text.gauge("cairn_peers_outbound", "Outbound peers chosen.", view.outbound())
        .gauge("cairn_peers_outbound_wanted", "Of how many.", view.outboundWanted())
        .gauge("cairn_candidates_tried", "Peers known that have answered.", view.tried())
        .gauge("cairn_candidates_new", "Peers known that have not.", view.heard())
        .counter("cairn_peer_asks_answered_total", "Told who else there is.", counts.asksAnswered())
        .counter("cairn_peer_asks_refused_total", "Asked too often.", counts.asksRefused())
        .counter("cairn_peer_answers_forged_total", "Forged records.", counts.answersForged())
        .counter("cairn_candidates_dropped_total", "Found under load.", counts.dropped());
  }

  private static void chain(PrometheusText text, ChainPeer peer) {
    ChainView view = peer.view();
    text.gauge("cairn_height", "Height of the newest executed block.", view.height())
        .gauge(
            "cairn_finalized_height", "Height of the newest final block.", view.finalizedHeight())
        .gauge("cairn_mempool_transactions", "Pending transactions.", view.mempool())
        .gauge("cairn_syncing", "1 while others are ahead.", view.syncing() ? 1 : 0)
        .counter("cairn_finalized_blocks_total", "Blocks made final.", peer.finalizedBlocks())
        .counter(
            "cairn_finalized_transactions_total",
            "Transactions made final.",
            peer.finalizedTransactions())
        .histogram(
            "cairn_submission_final_seconds",
            "From submission here to final, of transactions that somebody waited for.",
            peer.toFinal())
        .counter("cairn_miner_hashes_total", "Nonces that this node tried.", peer.hashes())
        .gauge("cairn_validator_streams", "Straight to validators.", peer.validatorStreams())
        .counter("cairn_votes_sent_total", "Straight to validators.", peer.votesSent())
        .counter("cairn_votes_received_total", "Straight from them.", peer.votesReceived())
        .counter("cairn_peer_faults_total", "Rules broken by peers.", peer.penalties())
        .counter("cairn_inputs_dropped_total", "Gossip dropped under load.", peer.droppedInputs())
        .gauge("cairn_inputs_queued", "Inputs that wait for the chain.", peer.queuedInputs());
  }

  private static void network(PrometheusText text, HostMetrics host, int peers) {
    text.gauge("cairn_peers", "Connected peers.", peers)
        .gauge("cairn_connections_inbound", "Open inbound.", host.connectionsInbound())
        .gauge("cairn_connections_outbound", "Open outbound.", host.connectionsOutbound())
        .gauge("cairn_streams", "Open streams.", host.streams())
        .counter("cairn_connections_opened_total", "Connections made.", host.connectionsOpened())
        .counter("cairn_connections_refused_total", "Over a limit.", host.connectionsRefused())
        .counter("cairn_upgrades_failed_total", "Failed handshakes.", host.upgradesFailed())
        .counter("cairn_streams_opened_total", "Streams opened.", host.streamsOpened())
        .counter("cairn_streams_refused_total", "Over a limit or unknown.", host.streamsRefused())
        .counter("cairn_bytes_read_total", "Bytes read from peers.", host.bytesRead())
        .counter("cairn_bytes_written_total", "Bytes written to peers.", host.bytesWritten())
        .counter("cairn_dials_total", "Addresses dialled.", host.dials())
        .counter("cairn_dials_failed_total", "Of those, failed.", host.dialsFailed());
  }
}
