package dev.cairn.files.exchange;

import dev.cairn.files.bitswap.BitswapParams;
import dev.cairn.files.block.Block;
import dev.cairn.files.dag.Links;
import java.time.Duration;

/// How blocks are exchanged.
///
/// @param bitswap the limits of the protocol
/// @param links what blocks link to, by their codec
/// @param depthMax how deep a DAG may be, in links from its root
/// @param nodesMax how many different blocks with links of one DAG are followed
/// @param linksMax how many links may be held in memory while a DAG is walked
/// @param providersMax how many providers one download dials
/// @param dialsParallel how many of them at once
/// @param settle a prompt download waits this long for a peer that has just turned up to be asked
/// @param answer the same for one that was named, or was asked and has not said: some never say
///   what they lack
public record ExchangeParams(
    BitswapParams bitswap,
    LinkReader links,
    int depthMax,
    int nodesMax,
    int linksMax,
    int providersMax,
    int dialsParallel,
    Duration settle,
    Duration answer) {

  public static final ExchangeParams STANDARD =
      new ExchangeParams(
          BitswapParams.STANDARD,
          (cid, bytes) -> Links.of(Block.trusted(cid, bytes)),
          2_048,
          262_144,
          262_144,
          64,
          8,
          Duration.ofSeconds(2),
          Duration.ofSeconds(10));

  /// The same with other limits of Bitswap.
  public ExchangeParams withBitswap(BitswapParams other) {
    return new ExchangeParams(
        other, links, depthMax, nodesMax, linksMax, providersMax, dialsParallel, settle, answer);
  }

  /// The same with another reader of links.
  public ExchangeParams withLinks(LinkReader other) {
    return new ExchangeParams(
        bitswap, other, depthMax, nodesMax, linksMax, providersMax, dialsParallel, settle, answer);
  }

  /// The same for DAGs of another depth.
  public ExchangeParams withDepthMax(int most) {
    return new ExchangeParams(
        bitswap, links, most, nodesMax, linksMax, providersMax, dialsParallel, settle, answer);
  }

  /// The same for DAGs of another size.
  public ExchangeParams withWalk(int nodes, int heldLinks) {
    return new ExchangeParams(
        bitswap, links, depthMax, nodes, heldLinks, providersMax, dialsParallel, settle, answer);
  }

  /// The same with other patience for those who may have it.
  public ExchangeParams withHope(Duration otherSettle, Duration otherAnswer) {
    return new ExchangeParams(
        bitswap,
        links,
        depthMax,
        nodesMax,
        linksMax,
        providersMax,
        dialsParallel,
        otherSettle,
        otherAnswer);
  }
}
