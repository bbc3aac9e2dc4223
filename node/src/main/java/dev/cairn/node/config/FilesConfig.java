package dev.cairn.node.config;

import dev.cairn.files.send.InboxRules;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.MalformedException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What files may take on this node.
///
/// @param quotaBytes content of blocks in the store
/// @param inPlace folders, absolute, below which files may be added without a copy
/// @param inbox what is done with files that peers send
public record FilesConfig(long quotaBytes, List<Path> inPlace, InboxRules inbox) {

  public FilesConfig {
    inPlace = List.copyOf(inPlace);
  }

  static FilesConfig of(Path dataDir, Settings settings) {
    List<Path> inPlace =
        settings.list(Setting.FILES_IN_PLACE).stream()
            .map(folder -> dataDir.resolve(folder).toAbsolutePath().normalize())
            .toList();
    return new FilesConfig(
        settings.bytes(Setting.FILES_QUOTA),
        inPlace,
        new InboxRules(
            accept(settings),
            allowed(settings),
            settings.bytes(Setting.INBOX_SIZE_MAX),
            settings.bytes(Setting.INBOX_QUOTA)));
  }

  private static InboxRules.Accept accept(Settings settings) {
    return switch (settings.text(Setting.INBOX_ACCEPT)) {
      case "ask" -> InboxRules.Accept.ASK;
      case "allowed" -> InboxRules.Accept.ALLOWED;
      case "all" -> InboxRules.Accept.ALL;
      case "none" -> InboxRules.Accept.NONE;
      default -> throw settings.fault(Setting.INBOX_ACCEPT, "must be ask, allowed, all or none");
    };
  }

  private static Set<PeerId> allowed(Settings settings) {
    Set<PeerId> allowed = new LinkedHashSet<>();
    for (String id : settings.list(Setting.INBOX_ALLOW)) {
      try {
        allowed.add(PeerId.parse(id));
      } catch (MalformedException e) {
        throw settings.fault(
            Setting.INBOX_ALLOW, "holds '" + id + "', which is no peer id: " + e.getMessage());
      }
    }
    return allowed;
  }
}
