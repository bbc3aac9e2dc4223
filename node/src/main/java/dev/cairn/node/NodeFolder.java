package dev.cairn.node;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ChainSpecException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A node's folder: what lies where.
///
/// ```
/// chain.toml      the chain spec
/// config.toml     settings, if there are any
/// identity.key    the libp2p identity, mode 0600
/// local.key       what proves to the node that a caller is its own user, mode 0600
/// store/          the chain and its state
/// votes/          what this validator voted for
/// peers           peers met before
/// files/          blocks of files, and what is exchanged with peers
/// inbox/          files that peers have sent
/// ```
public record NodeFolder(Path path) {

  /// Bytes of a chain spec file: one with 100,000 accounts has about 12 MB.
  private static final long SPEC_BYTES_MAX = 32L << 20;

  public Path spec() {
    return path.resolve("chain.toml");
  }

  public Path config() {
    return path.resolve("config.toml");
  }

  public Path identity() {
    return path.resolve("identity.key");
  }

  public Path store() {
    return path.resolve("store");
  }

  public Path votes() {
    return path.resolve("votes");
  }

  public Path peers() {
    return path.resolve("peers");
  }

  public boolean hasChain() {
    return Files.exists(spec());
  }

  /// Makes the folder a node of a chain. Harmless when it is that already.
  ///
  /// @throws NodeException when it belongs to another chain or cannot be written
  public void init(ChainSpec chain) {
    if (hasChain()) {
      if (!readSpec(spec()).chainId().equals(chain.chainId())) {
        throw new NodeException(
            path + " is a node of another chain; choose another folder or remove this one");
      }
      return;
    }
    try {
      Files.createDirectories(path);
      Path fresh = Files.createTempFile(path, "chain", ".tmp");
      Files.writeString(fresh, chain.toText(), StandardOpenOption.SYNC, StandardOpenOption.WRITE);
      Files.move(fresh, spec(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new NodeException("cannot write to " + path + ": " + reason(e));
    }
  }

  public ChainSpec readSpec() {
    return readSpec(spec());
  }

  /// Reads a chain spec file.
  ///
  /// @throws NodeException when it cannot be read or is no chain spec
  public static ChainSpec readSpec(Path file) {
    try {
      if (Files.size(file) > SPEC_BYTES_MAX) {
        throw new NodeException(file + " is no chain spec: it is too long");
      }
      return ChainSpec.parse(Files.readString(file));
    } catch (ChainSpecException e) {
      throw new NodeException("the chain spec " + file + " cannot be used: " + e.getMessage());
    } catch (IOException e) {
      throw new NodeException("cannot read the chain spec " + file + ": " + reason(e));
    }
  }

  /// What an I/O error means, in words.
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException n -> "there is no such file";
      case java.nio.file.AccessDeniedException a -> "permission denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
