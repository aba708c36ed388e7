using Bellman.Environments.Arcade;
using Bellman.Environments.Box2D;
using Bellman.Environments.ClassicControl;
using Bellman.Environments.ToyText;
using Bellman.Environments.Visual;

namespace Bellman.Environments;

/// <summary>The environments that can be made by their ids.</summary>
public static class Registry
{
    private static readonly Lock Gate = new();
    private static readonly SortedDictionary<string, EnvironmentSpec> Specs = BuiltIn();

    /// <summary>All of them, by id.</summary>
    public static IReadOnlyList<EnvironmentSpec> All
    {
        get
        {
            lock (Gate)
            {
                return [.. Specs.Values];
            }
        }
    }

    /// <summary>Adds an environment of your own.</summary>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public static void Register(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        lock (Gate)
        {
            if (!Specs.TryAdd(spec.Id, spec)) throw new ArgumentException($"There is an environment {spec.Id} already.", nameof(spec));
        }
    }

    /// <exception cref="ArgumentException">There is none; the message names the nearest id.</exception>
    public static EnvironmentSpec Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (Gate)
        {
            return Specs.TryGetValue(id, out EnvironmentSpec? spec)
                ? spec
                : throw new ArgumentException($"There is no environment '{id}'{Nearest.Hint(id, Specs.Keys)}.");
        }
    }

    private static SortedDictionary<string, EnvironmentSpec> BuiltIn()
    {
        var specs = new SortedDictionary<string, EnvironmentSpec>(StringComparer.Ordinal);
        IEnumerable<EnvironmentSpec> all =
            [.. ClassicControlSpecs.All, .. ToyTextSpecs.All, .. Box2DSpecs.All, .. VisualSpecs.All, .. ArcadeSpecs.All];
        foreach (EnvironmentSpec spec in all)
        {
            specs.Add(spec.Id, spec);
        }

        return specs;
    }
}
