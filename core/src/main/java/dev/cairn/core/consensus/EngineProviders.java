package dev.cairn.core.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/// Engines that a chain spec may name besides those of this program, by name. Immutable.
public final class EngineProviders {

  private static final EngineProviders INSTALLED = of(load());

  private final SortedMap<String, EngineProvider> byName = new TreeMap<>();

  private EngineProviders(List<EngineProvider> providers) {
    for (EngineProvider provider : providers) {
      if (byName.putIfAbsent(provider.name(), provider) != null) {
        throw new IllegalStateException("two engines are called '" + provider.name() + "'");
      }
    }
  }

  private static List<EngineProvider> load() {
    List<EngineProvider> found = new ArrayList<>();
    ServiceLoader.load(EngineProvider.class, EngineProviders.class.getClassLoader())
        .forEach(found::add);
    return found;
  }

  /// @throws IllegalStateException when two have one name
  public static EngineProviders of(List<EngineProvider> providers) {
    return new EngineProviders(providers);
  }

  /// Those that [ServiceLoader] finds beside this program.
  public static EngineProviders installed() {
    return INSTALLED;
  }

  public Optional<EngineProvider> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// Ascending.
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
