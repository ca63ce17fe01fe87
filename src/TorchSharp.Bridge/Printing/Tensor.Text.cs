using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The style that <see cref="TensorStringStyle.Default"/> stands for.</summary>
    public static TensorStringStyle TensorStringStyle { get; set; } = TensorStringStyle.Julia;

    public partial class Tensor
    {
        private const int MostShown = 10;

        /// <summary>Shape, dtype and device, as in "[2x3], type = Float32, device = cpu".</summary>
        public override string ToString() => IsInvalid ? "" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        /// <summary>With <paramref name="disamb"/> the elements too, in the default style.</summary>
        public string ToString(
            bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null) =>
            disamb ? ToString(TensorStringStyle.Default, fltFormat, width, cultureInfo, newLine) : ToString();

        /// <summary>
        /// The elements in nested brackets, long dimensions shortened, after the metadata unless the style is Numpy.
        /// </summary>
        public string ToString(
            TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default)
            {
                style = torch.TensorStringStyle;
            }
            if (style == TensorStringStyle.Metadata || is_meta)
            {
                return ToString();
            }
            using var scope = NewDisposeScope();
            var values = detach().cpu();
            if (!is_complex() && !values.is_integral())
            {
                values = values.to_type(ScalarType.Float64);
            }
            var text = new StringBuilder();
            var line = newLine ?? Environment.NewLine;
            if (style != TensorStringStyle.Numpy)
            {
                text.Append(ToString()).Append(ndim == 0 ? ", value = " : line);
            }
            WriteElements(text, values, 1, fltFormat ?? "g5", cultureInfo ?? CultureInfo.CurrentCulture, line);
            return text.ToString();
        }

        private static void WriteElements(StringBuilder text, Tensor values, int depth, string format, CultureInfo culture, string line)
        {
            if (values.ndim == 0)
            {
                text.Append(Write(values, format, culture));
                return;
            }
            var length = values.size(0);
            var separator = values.ndim == 1 ? ", " : "," + line + new string(' ', depth);
            text.Append('[');
            for (long i = 0; i < length; i++)
            {
                if (length > MostShown && i == MostShown / 2)
                {
                    text.Append("...").Append(separator);
                    i = length - (MostShown / 2);
                }
                using var part = values[i];
                WriteElements(text, part, depth + 1, format, culture, line);
                text.Append(i == length - 1 ? "" : separator);
            }
            text.Append(']');
        }

        private static string Write(Tensor value, string format, CultureInfo culture) => value.dtype switch
        {
            ScalarType.Float64 => value.item<double>().ToString(format, culture),
            ScalarType.Bool => value.item<bool>() ? "true" : "false",
            ScalarType.ComplexFloat32 => value.to_type(ScalarType.ComplexFloat64).item<System.Numerics.Complex>().ToString(format, culture),
            ScalarType.ComplexFloat64 => value.item<System.Numerics.Complex>().ToString(format, culture),
            _ => value.ToInt64().ToString(culture),
        };
    }
}
