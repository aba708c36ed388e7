using Bellman.Environments.ClassicControl;
using Bellman.Environments.Rendering;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Tensors;

namespace Bellman.Environments.Visual;

/// <summary>
/// CartPole's screen as PyTorch's lesson on deep Q-learning cuts it: the rows between 40 % and 80 % of the height, a window of 60 % of the
/// width around the cart that stops at the sides, scaled to a height of 40 by Pillow's bicubic filter. [40, 90, 3] of bytes.
/// </summary>
/// <remarks>
/// <see cref="ByWrappers"/> makes the same bytes step by step out of whole screens. Here the window alone is drawn: cart and pole never
/// reach over its borders except at the sides, where it ends with the screen.
/// </remarks>
public sealed class CartPoleScreen : PictureWrapper
{
    public const int Height = 40;
    public const int Width = 90;

    private const int Top = (int)(CartPoleRenderer.Height * 0.4);
    private const int Rows = (int)(CartPoleRenderer.Height * 0.8) - Top;
    private const int Columns = (int)(CartPoleRenderer.Width * 0.6);

    private readonly Resampling resampling = new(Columns, Rows, Width, Height, channels: 3, Interpolation.Bicubic);

    /// <param name="inner">A CartPole, in wrappers or not.</param>
    public CartPoleScreen(IEnvironment inner)
        : base(new Window(inner), Box.Image(new Shape(Height, Width, 3)))
    {
    }

    /// <summary>The same pictures by wrappers that each do one thing, which serve other environments too.</summary>
    /// <param name="inner">A CartPole, in wrappers or not.</param>
    public static IEnvironment ByWrappers(IEnvironment inner)
    {
        CartPole cartPole = Require(inner);
        IEnvironment screen = new AddRenderObservation(inner);
        IEnvironment strip = new CropObservation(screen, Top, left: 0, Rows, CartPoleRenderer.Width);
        IEnvironment window = new CropObservation(strip, top: 0, Rows, Columns, () => Left(cartPole));
        return new ResizeObservation(window, Height, Width, Interpolation.Bicubic);
    }

    private protected override void Convert(ReadOnlySpan<byte> from, Span<byte> to) => resampling.Apply(from, to);

    private static CartPole Require(IEnvironment environment) => environment.Find<CartPole>()
        ?? throw new ArgumentException($"{nameof(CartPoleScreen)} shows {nameof(CartPole)}; got {environment.Unwrapped().GetType().Name}.");

    /// <summary>The first column of a window around the middle of the cart, which is cut off to a whole column.</summary>
    private static int Left(CartPole cartPole) => (int)CartPoleRenderer.Column(cartPole.Position) - (Columns / 2);

    /// <summary>The window before it is scaled: [160, 360, 3].</summary>
    private sealed class Window : Wrapper, IPictures
    {
        private readonly CartPole cartPole;
        private readonly float[] hidden;

        public Window(IEnvironment inner)
            : base(inner)
        {
            cartPole = Require(inner);
            hidden = new float[inner.ObservationSpace.FlatSize];
        }

        public override Space ObservationSpace { get; } = Box.Image(new Shape(Rows, Columns, 3));

        public override void Reset(Span<float> observation, ulong? seed = null) => Inner.Reset(hidden, seed);

        public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation) => Inner.Step(action, hidden);

        public void Show(Span<byte> picture)
        {
            int left = Math.Clamp(Left(cartPole), 0, CartPoleRenderer.Width - Columns);
            CartPoleRenderer.DrawWindow(picture, Top, left, Rows, Columns, cartPole.Position, cartPole.Angle);
        }
    }
}
