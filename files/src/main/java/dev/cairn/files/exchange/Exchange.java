package dev.cairn.files.exchange;

import dev.cairn.files.bitswap.Bitswap;
import dev.cairn.files.block.Block;
import dev.cairn.files.block.Blocks;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Cid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Exchanges blocks with peers: serves those that are here, and fetches DAGs from everybody who has
/// them at once.
///
/// Every method may be called from any thread.
public final class Exchange implements AutoCloseable {

  private final Host host;
  private final Blocks blocks;
  private final ProviderSource providers;
  private final Clock clock;
  private final ExchangeParams params;
  private final Bitswap bitswap;
  private final Set<Download> downloads = ConcurrentHashMap.newKeySet();

  private Exchange(
      Host host,
      Blocks blocks,
      ProviderSource providers,
      Clock clock,
      ExchangeParams params,
      Bitswap bitswap) {
    this.host = host;
    this.blocks = blocks;
    this.providers = providers;
    this.clock = clock;
    this.params = params;
    this.bitswap = bitswap;
  }

  /// Begins to serve.
  ///
  /// @param providers where peers that are not connected are looked for
  public static Exchange start(
      Host host, Blocks blocks, ProviderSource providers, Clock clock, ExchangeParams params) {
    LinkReader links = params.links();
    long seed = clock.now().nanos() ^ host.id().hashCode();
    Bitswap bitswap =
        Bitswap.start(
            host,
            blocks,
            (cid, bytes) -> links.links(cid, bytes).size(),
            clock,
            params.bitswap(),
            seed);
    return new Exchange(host, blocks, providers, clock, params, bitswap);
  }

  /// Begins to fetch a DAG. What of it is here already is not fetched again.
  public Download download(Cid root, DownloadOptions options) {
    return begin(root, options, true);
  }

  private Download begin(Cid root, DownloadOptions options, boolean follows) {
    Set<PeerId> only =
        options.onlyFrom()
            ? options.from().stream().map(ProviderPeer::peer).collect(Collectors.toSet())
            : Set.of();
    Providers found = new Providers(host, providers, root, options, params);
    Download download =
        new Download(
            root,
            blocks,
            clock,
            params,
            options,
            follows,
            found,
            events -> bitswap.fetch(root, only, options.inOrder(), events));
    downloads.add(download);
    return download.start(() -> downloads.remove(download));
  }

  /// One block: from here, or from any peer that has it.
  ///
  /// @return empty when no peer gave it in time, or nobody has it
  public Optional<Block> get(Cid cid, Duration timeout) throws InterruptedException {
    Optional<byte[]> here = blocks.get(cid);
    if (here.isPresent()) {
      return here.map(bytes -> Block.trusted(cid, bytes));
    }
    DownloadOptions options = DownloadOptions.STANDARD.withPatience(timeout).withPrompt();
    try (Download download = begin(cid, options, false)) {
      download.await(timeout);
    } catch (ExchangeException e) {
      return Optional.empty();
    }
    return blocks.get(cid).map(bytes -> Block.trusted(cid, bytes));
  }

  /// Tells peers who wait for these blocks that they are here now.
  public void added(List<Cid> cids) {
    cids.forEach(bitswap::added);
  }

  /// The bytes of blocks sent to others so far.
  public long sentBytes() {
    return bitswap.sentBytes();
  }

  /// Ends all downloads and serves no more. The host goes on.
  @Override
  public void close() {
    downloads.forEach(Download::close);
    bitswap.close();
  }
}
